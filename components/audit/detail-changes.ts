export type AuditFact = Readonly<{ key: string; value: string }>;
export type AuditChange = Readonly<{ key: string; before: string; after: string }>;

/** What an audited action says of itself, sorted into what changed (before and after) and all other facts. */
export function readDetail(detail: Readonly<Record<string, unknown>>): {
  changes: AuditChange[];
  facts: AuditFact[];
} {
  const { before, after, ...rest } = detail;
  const changes: AuditChange[] = [];
  const was = asRecord(before);
  const is = asRecord(after);
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const change = { key, before: toText(was[key], key), after: toText(is[key], key) };
    if (change.before !== change.after) changes.push(change);
  }
  const facts: AuditFact[] = [];
  for (const [key, value] of Object.entries(rest)) {
    // `balanceBefore` and `balanceAfter` are one change of `balance`.
    const stem = /^(.+)(Before|After)$/.exec(key)?.[1];
    if (stem && `${stem}Before` in rest && `${stem}After` in rest) {
      if (key.endsWith("Before"))
        changes.push({ key: stem, before: toText(value, stem), after: toText(rest[`${stem}After`], stem) });
    } else facts.push({ key, value: toText(value, key) });
  }
  return { changes, facts };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : value === undefined
      ? {}
      : { value };
}

/** Names of money. Digits under another name may be a number that is called out, such as an approval's. */
const moneyKey = /(minor|amount|balance|limit|total|sum)$/i;

function toText(value: unknown, key: string): string {
  if (value === null || value === undefined) return "–";
  // Money is kept as digits, since it may be larger than a number can be.
  const isMoney = typeof value === "string" && moneyKey.test(key) && /^-?\d+$/.test(value);
  if (isMoney) return BigInt(value).toLocaleString("en-US");
  if (typeof value === "number") return value.toLocaleString("en-US");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

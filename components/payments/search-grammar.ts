import { conditionForm, isNotWord, tokensOf, unquoted } from "#components/payments/search-tokens.ts";
import {
  amountMax,
  isSame,
  plainOf,
  readMs,
  readPeriod,
  readRange,
  readWon,
} from "#components/payments/search-values.ts";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";
import {
  failureCodes,
  origins,
  outcomeChoices,
  paymentMethods,
  paymentStatuses,
  responseMaxMs,
} from "#server/payments/payment-search.values.ts";

/** What can be named in a search: the values of each condition in the words of the screen. */
export type SearchVocabulary = Readonly<{
  status: Readonly<Record<string, string>>;
  method: Readonly<Record<string, string>>;
  origin: Readonly<Record<string, string>>;
  outcome: Readonly<Record<string, string>>;
  periods: Readonly<Record<string, string>>;
  malls: readonly Readonly<{ id: string; name: string }>[];
  vans: readonly Readonly<{ code: string; name: string }>[];
  /** The Seoul day of now, `2026-11-19`. */
  today: string;
}>;

type Kind = "choice" | "amount" | "response" | "period";

/** Why a search was not applied; nothing was changed then. `key` and `value` are as they were typed. */
export type SearchProblem =
  | Readonly<{ kind: "unknownKey"; key: string; nearest: string | null; corrected: string | null }>
  | Readonly<{ kind: "missing"; key: string }>
  | Readonly<{ kind: "twice"; key: string }>
  | Readonly<{
      kind: "noValue";
      key: string;
      value: string;
      nearest: string | null;
      corrected: string | null;
    }>
  | Readonly<{ kind: "manyValues"; key: string; value: string; found: readonly string[] }>
  | Readonly<{ kind: "malformed"; of: Exclude<Kind, "choice">; key: string; value: string }>
  | Readonly<{ kind: "notPossible"; key: string | null }>
  | Readonly<{ kind: "nothingLeft"; key: string }>
  /** The part that reads conditions did not come. */
  | Readonly<{ kind: "unread" }>;

export type ReadSearch =
  | Readonly<{ set: PaymentFilterInput; words: string; problem: null }>
  | Readonly<{ problem: SearchProblem }>;

type Choice = Readonly<{ value: string; names: readonly string[] }>;
type Facet = Readonly<{
  /** What it is called; the first in each language is the one that is suggested. */
  keys: readonly string[];
  set: (values: string[]) => PaymentFilterInput;
  choices: (vocabulary: SearchVocabulary) => readonly Choice[];
  /** Its values are few and known for good: everything but some of them can be said. */
  isClosed: boolean;
}>;

const named =
  (values: readonly string[], labels: (vocabulary: SearchVocabulary) => Readonly<Record<string, string>>) =>
  (vocabulary: SearchVocabulary) =>
    values.map((value) => ({ value, names: [value, labels(vocabulary)[value] ?? value] }));

/** The conditions that name values. */
const choiceFacets: readonly Facet[] = [
  {
    keys: ["상태", "status"],
    set: (status) => ({ status: status as NonNullable<PaymentFilterInput["status"]> }),
    choices: named(paymentStatuses, ({ status }) => status),
    isClosed: true,
  },
  {
    keys: ["가맹점", "mall"],
    set: (mall) => ({ mall }),
    choices: ({ malls }) => malls.map(({ id, name }) => ({ value: id, names: [id, name] })),
    isClosed: false,
  },
  {
    keys: ["VAN", "밴"],
    set: (van) => ({ van }),
    choices: ({ vans }) => vans.map(({ code, name }) => ({ value: code, names: [code, name] })),
    isClosed: false,
  },
  {
    keys: ["결제수단", "method", "수단"],
    set: (method) => ({ method: method as NonNullable<PaymentFilterInput["method"]> }),
    choices: named(paymentMethods, ({ method }) => method),
    isClosed: true,
  },
  {
    keys: ["경로", "origin"],
    set: (origin) => ({ origin: origin as NonNullable<PaymentFilterInput["origin"]> }),
    choices: named(origins, ({ origin }) => origin),
    isClosed: true,
  },
  {
    keys: ["승인결과", "outcome"],
    set: (outcome) => ({ outcome: outcome as NonNullable<PaymentFilterInput["outcome"]> }),
    choices: named(outcomeChoices, ({ outcome }) => outcome),
    isClosed: false,
  },
  {
    keys: ["오류", "error", "failure"],
    set: (failure) => ({ failure }),
    choices: () => failureCodes.map((code) => ({ value: code, names: [code] })),
    isClosed: false,
  },
];

type Other = Readonly<{
  keys: readonly string[];
  kind: Exclude<Kind, "choice">;
  read: (text: string, vocabulary: SearchVocabulary) => PaymentFilterInput | null;
}>;

const periodFacet = (keys: readonly string[], field: "date" | "canceled" | "answered"): Other => ({
  keys,
  kind: "period",
  read: (text, vocabulary) => {
    const period = readPeriod(text, vocabulary);
    return period === null ? null : { [field]: period };
  },
});

/** The conditions that measure. */
const otherFacets: readonly Other[] = [
  {
    keys: ["금액", "amount"],
    kind: "amount",
    read: (text) => {
      const range = readRange(text, readWon);
      if (!range || Math.max(range.min ?? 0, range.max ?? 0) > amountMax) return null;
      return { amountMin: range.min?.toString(), amountMax: range.max?.toString() };
    },
  },
  {
    keys: ["응답시간", "response", "응답"],
    kind: "response",
    read: (text) => {
      const range = readRange(text, readMs);
      if (!range || Math.max(range.min ?? 0, range.max ?? 0) > responseMaxMs) return null;
      return { responseMinMs: range.min, responseMaxMs: range.max };
    },
  },
  periodFacet(["결제일", "date"], "date"),
  periodFacet(["취소일", "canceled", "cancelled"], "canceled"),
  periodFacet(["응답시각", "answered"], "answered"),
];

/** How many letters lie between two words; a Hangul syllable is as many as it is written with. */
function distance(one: string, other: string): number {
  const a = [...plainOf(one).normalize("NFD")];
  const b = [...plainOf(other).normalize("NFD")];
  let row = b.map((_, index) => index + 1);
  for (const [down, letter] of a.entries()) {
    let corner = down;
    let left = down + 1;
    row = b.map((against, index) => {
      const above = row[index] ?? 0;
      left = Math.min(above + 1, left + 1, corner + (letter === against ? 0 : 1));
      corner = above;
      return left;
    });
  }
  return row.at(-1) ?? a.length;
}

/** The name that was likely meant: at most a third of its letters are other ones. */
export function nearestOf(typed: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const apart = distance(typed, name);
    if (apart >= least || apart > Math.max(1, Math.floor([...name.normalize("NFD")].length / 3))) continue;
    best = name;
    least = apart;
  }
  return best;
}

/** The values between commas; a comma in quotes belongs to its value. */
function listOf(text: string): string[] {
  const parts = text.match(/(?:[^,"“”]|["“”][^"“”]*(?:["“”]|$))+/g) ?? [];
  return parts.map((part) => unquoted(part).trim()).filter(Boolean);
}

const keyOf = (facets: readonly Readonly<{ keys: readonly string[] }>[]) =>
  facets.flatMap(({ keys }) => keys);

/**
 * Reads what was typed into the search box: conditions such as `상태:결과불명,취소처리중 금액:>=10만`, and words, which stay what
 * they are. `set` holds exactly the fields that the editors of these conditions would set. Never throws.
 */
export function readSearch(text: string, vocabulary: SearchVocabulary): ReadSearch {
  const words: string[] = [];
  let set: PaymentFilterInput = {};
  const seen = new Set<object>();
  for (const token of tokensOf(text)) {
    const [, minus = "", key = "", value = ""] = conditionForm.exec(token.text) ?? [];
    if (!key) {
      if (isNotWord(token.text)) return { problem: { kind: "notPossible", key: null } };
      words.push(unquoted(token.text));
      continue;
    }
    const isNamed = ({ keys }: { keys: readonly string[] }) => keys.some((name) => isSame(name, key));
    const choice = choiceFacets.find(isNamed);
    const other = otherFacets.find(isNamed);
    const facet = choice ?? other;
    if (!facet) {
      const nearest = nearestOf(key, keyOf([...choiceFacets, ...otherFacets]));
      const at = token.at + minus.length;
      const corrected = nearest && `${text.slice(0, at)}${nearest}${text.slice(at + key.length)}`;
      return { problem: { kind: "unknownKey", key, nearest, corrected } };
    }
    if (seen.has(facet)) return { problem: { kind: "twice", key } };
    seen.add(facet);
    if (unquoted(value).trim() === "") return { problem: { kind: "missing", key } };
    if (minus && !choice?.isClosed) return { problem: { kind: "notPossible", key } };
    if (choice) {
      const chosen = chooseAll(choice, key, value, vocabulary);
      if ("kind" in chosen) {
        const { kind } = chosen;
        if (kind !== "noValue" || !chosen.nearest) return { problem: chosen };
        const corrected = `${text.slice(0, token.at)}${token.text.replace(chosen.value, () => quoted(chosen.nearest ?? ""))}${text.slice(token.end)}`;
        return { problem: { ...chosen, corrected } };
      }
      const all = choice.choices(vocabulary).map((one) => one.value);
      const values = all.filter((one) => chosen.values.includes(one) !== Boolean(minus));
      if (values.length === 0) return { problem: { kind: "nothingLeft", key } };
      set = { ...set, ...choice.set(values) };
      continue;
    }
    const read = other?.read(unquoted(value).trim(), vocabulary) ?? null;
    if (read === null)
      return { problem: { kind: "malformed", of: other?.kind ?? "amount", key, value: unquoted(value) } };
    set = { ...set, ...read };
  }
  return { set, words: words.join(" "), problem: null };
}

const quoted = (text: string) => (/[\s,]/.test(text) ? `"${text}"` : text);

function chooseAll(
  { choices }: Facet,
  key: string,
  text: string,
  vocabulary: SearchVocabulary,
): Readonly<{ values: string[] }> | Extract<SearchProblem, { kind: "noValue" | "manyValues" | "missing" }> {
  const known = choices(vocabulary);
  const values: string[] = [];
  const typed = listOf(text);
  if (typed.length === 0) return { kind: "missing", key };
  for (const value of typed) {
    const exact = known.filter(({ names }) => names.some((name) => isSame(name, value)));
    const found =
      exact.length > 0
        ? exact
        : known.filter(({ names }) => names.some((name) => plainOf(name).includes(plainOf(value))));
    const [first] = found;
    if (found.length > 1)
      return {
        kind: "manyValues",
        key,
        value,
        found: found.slice(0, 3).map((one) => one.names.at(-1) ?? one.value),
      };
    if (!first) {
      const nearest = nearestOf(
        value,
        known.flatMap(({ names }) => names),
      );
      return { kind: "noValue", key, value, nearest, corrected: null };
    }
    values.push(first.value);
  }
  return { values };
}

import { namedPeriods, resolvePeriod } from "#server/payments/payment-search.values.ts";

/** A text without what a person may leave out or write otherwise: spaces and capitals. */
export const plainOf = (text: string) => text.replace(/\s/g, "").toLowerCase();
export const isSame = (one: string, other: string) => plainOf(one) === plainOf(other);

type Range = Readonly<{ min?: number | undefined; max?: number | undefined }>;
type Calendar = Readonly<{
  periods: Readonly<Record<string, string>>;
  /** The Seoul day of now, `2026-11-19`. */
  today: string;
}>;

/** The most an amount of the filter may be, in won. */
export const amountMax = 9_999_999_999;

const powers: Readonly<Record<string, number>> = {
  천억: 11,
  백억: 10,
  십억: 9,
  억: 8,
  천만: 7,
  백만: 6,
  십만: 5,
  만: 4,
  천: 3,
  백: 2,
  k: 3,
  m: 6,
  b: 9,
};
const unitForm = Object.keys(powers).join("|");

/** Whole won: `48,000`, `10만`, `1억2천만`, `1.5만`, `100k`, each also with 원 or ₩; null when it is none. */
export function readWon(text: string): number | null {
  const plain = text
    .replace(/[,\s₩]/g, "")
    .replace(/원$/, "")
    .toLowerCase();
  if (!/\d/.test(plain)) return null;
  const part = new RegExp(`(\\d{1,13})(?:\\.(\\d{1,4}))?(${unitForm})?`, "y");
  let sum = 0;
  let above = Number.POSITIVE_INFINITY;
  for (let at = 0; at < plain.length; at = part.lastIndex) {
    part.lastIndex = at;
    const match = part.exec(plain);
    const power = match?.[3] ? (powers[match[3]] ?? 0) : 0;
    // `5천1만` is no number, and neither is `5 000` without its unit in between.
    if (!match || power >= above) return null;
    above = power;
    const fraction = (match[2] ?? "").replace(/0+$/, "");
    // A part of a won.
    if (fraction.length > power) return null;
    sum += Number(`${match[1]}${fraction}`) * 10 ** (power - fraction.length);
  }
  return Number.isSafeInteger(sum) ? sum : null;
}

/** Milliseconds of `3초`, `1.5s` or `300ms`; the unit has to be said. */
export function readMs(text: string): number | null {
  const match = /^(\d{1,8}(?:\.\d{1,3})?)(초|s|ms|밀리초)$/.exec(text.replace(/[,\s]/g, "").toLowerCase());
  if (!match?.[1]) return null;
  const isSeconds = match[2] === "초" || match[2] === "s";
  const ms = Number(match[1]) * (isSeconds ? 1_000 : 1);
  return Math.abs(ms - Math.round(ms)) < 1e-6 ? Math.round(ms) : null;
}

/** `>=10만`, `<1만`, `1만..5만`, `1만~`, or one value alone. */
export function readRange(text: string, read: (end: string) => number | null): Range | null {
  const compared = /^(>=|<=|[<>=≥≤])?(.+?)(이상|이하|초과|미만)?$/s.exec(text.trim());
  const sign = compared?.[1] ?? compared?.[3];
  const ends = text.split(/\.\.|~/);
  if (ends.length > 2) return null;
  if (ends.length === 2) {
    const [first = "", last = ""] = ends.map((end) => end.trim());
    const max = last === "" ? undefined : read(last);
    // `1..3초` is of one unit.
    const unit = /[^\d.,\s]+$/.exec(last)?.[0] ?? "";
    const min = first === "" ? undefined : (read(first) ?? (unit && read(`${first}${unit}`)) ?? null);
    if (min === null || max === null || min === "" || (min === undefined && max === undefined)) return null;
    return min !== undefined && max !== undefined && max < min ? null : { min, max };
  }
  const value = read(compared?.[2] ?? "");
  if (value === null) return null;
  switch (sign) {
    case ">=":
    case "≥":
    case "이상":
      return { min: value };
    case "<=":
    case "≤":
    case "이하":
      return { max: value };
    case ">":
    case "초과":
      return { min: value + 1 };
    case "<":
    case "미만":
      return value === 0 ? null : { max: value - 1 };
    default:
      return { min: value, max: value };
  }
}

/** A period as the filter keeps it; a day alone is that day, and a day without its year is of this one. */
export function readPeriod(text: string, { periods, today }: Calendar): string | null {
  const name = namedPeriods.find((known) => isSame(known, text) || isSame(periods[known] ?? "", text));
  if (name) return name;
  const day = (end: string) => (/^\d{2}-\d{2}$/.test(end) ? `${today.slice(0, 4)}-${end}` : end);
  const from = /^(?:>=|≥)(.+)$/.exec(text)?.[1];
  const to = /^(?:<=|≤)(.+)$/.exec(text)?.[1];
  const [first = "", last = first, ...rest] = from
    ? [from, ""]
    : to
      ? ["", to]
      : text.includes("~")
        ? text.split("~")
        : text.split("..");
  const period = `${day(first.trim())}..${day(last.trim())}`;
  return rest.length > 0 || period === ".." || !resolvePeriod(period, new Date()) ? null : period;
}

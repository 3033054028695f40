/** Why banks are closed. SUBSTITUTE 대체공휴일, TEMPORARY 임시공휴일, ELECTION 선거일, BANK 근로자의 날 (no public holiday, but nothing is paid). */
export type HolidayKind = "PUBLIC" | "SUBSTITUTE" | "TEMPORARY" | "ELECTION" | "BANK";
export type Holiday = Readonly<{ date: string; name: string; kind: HolidayKind }>;

/** The last day that `koreanHolidays` knows; a payout after it is computed on weekends alone. */
export const koreanHolidaysThrough = "2029-01-01";

const named = (kind: HolidayKind, name: string, ...dates: string[]): Holiday[] =>
  dates.map((date) => ({ date, name, kind }));

const fixedYears = [2024, 2025, 2026, 2027, 2028];
const yearly = (kind: HolidayKind, name: string, day: string, from = 2024): Holiday[] =>
  named(kind, name, ...fixedYears.filter((year) => year >= from).map((year) => `${year}-${day}`));

/**
 * The first version of the calendar: 관공서의 공휴일에 관한 규정 for 2024–2028 with lunar days already converted, the
 * substitutes it gives, what was decreed, and 5/1. Later decrees are new versions in the database, not changes here.
 */
export const koreanHolidays: readonly Holiday[] = [
  ...yearly("PUBLIC", "신정", "01-01"),
  ...named("PUBLIC", "신정", "2029-01-01"),
  ...yearly("PUBLIC", "삼일절", "03-01"),
  ...yearly("BANK", "근로자의 날", "05-01"),
  ...yearly("PUBLIC", "어린이날", "05-05"),
  ...yearly("PUBLIC", "현충일", "06-06"),
  // A public holiday again since 2026.
  ...yearly("PUBLIC", "제헌절", "07-17", 2026),
  ...yearly("PUBLIC", "광복절", "08-15"),
  ...yearly("PUBLIC", "개천절", "10-03"),
  ...yearly("PUBLIC", "한글날", "10-09"),
  ...yearly("PUBLIC", "기독탄신일", "12-25"),
  ...named("PUBLIC", "설날", "2024-02-09", "2024-02-10", "2024-02-11"),
  ...named("PUBLIC", "설날", "2025-01-28", "2025-01-29", "2025-01-30"),
  ...named("PUBLIC", "설날", "2026-02-16", "2026-02-17", "2026-02-18"),
  ...named("PUBLIC", "설날", "2027-02-06", "2027-02-07", "2027-02-08"),
  ...named("PUBLIC", "설날", "2028-01-26", "2028-01-27", "2028-01-28"),
  ...named("PUBLIC", "추석", "2024-09-16", "2024-09-17", "2024-09-18"),
  ...named("PUBLIC", "추석", "2025-10-05", "2025-10-06", "2025-10-07"),
  ...named("PUBLIC", "추석", "2026-09-24", "2026-09-25", "2026-09-26"),
  ...named("PUBLIC", "추석", "2027-09-14", "2027-09-15", "2027-09-16"),
  ...named("PUBLIC", "추석", "2028-10-02", "2028-10-04"),
  // In 2025 it falls on Children's Day, in 2028 the Foundation Day on 추석: one day, and a substitute for the other.
  ...named("PUBLIC", "부처님오신날", "2024-05-15", "2026-05-24", "2027-05-13", "2028-05-02"),
  ...named("SUBSTITUTE", "대체공휴일 (설날)", "2024-02-12", "2027-02-09"),
  ...named("SUBSTITUTE", "대체공휴일 (삼일절)", "2025-03-03", "2026-03-02"),
  ...named("SUBSTITUTE", "대체공휴일 (어린이날)", "2024-05-06", "2025-05-06"),
  ...named("SUBSTITUTE", "대체공휴일 (부처님오신날)", "2026-05-25"),
  ...named("SUBSTITUTE", "대체공휴일 (제헌절)", "2027-07-19"),
  ...named("SUBSTITUTE", "대체공휴일 (광복절)", "2026-08-17", "2027-08-16"),
  ...named("SUBSTITUTE", "대체공휴일 (추석)", "2025-10-08", "2028-10-05"),
  ...named("SUBSTITUTE", "대체공휴일 (개천절)", "2026-10-05", "2027-10-04"),
  ...named("SUBSTITUTE", "대체공휴일 (한글날)", "2027-10-11"),
  ...named("SUBSTITUTE", "대체공휴일 (기독탄신일)", "2027-12-27"),
  ...named("ELECTION", "국회의원 선거일", "2024-04-10", "2028-04-12"),
  ...named("ELECTION", "대통령 선거일", "2025-06-03"),
  ...named("ELECTION", "지방선거일", "2026-06-03"),
  ...named("TEMPORARY", "임시공휴일 (국군의 날)", "2024-10-01"),
  ...named("TEMPORARY", "임시공휴일", "2025-01-27"),
].toSorted((a, b) => (a.date < b.date ? -1 : 1));

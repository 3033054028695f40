import { advisoryLocks } from "#server/platform/advisory-locks.ts";
import type { Sql } from "#server/platform/db.ts";
import type { BusinessCalendar } from "#server/settlement/domain/business-calendar.ts";
import type { PayoutTerms } from "#server/settlement/domain/payout-date.ts";
import type { CalendarChange } from "#server/settlement/settlement.schemas.ts";

/** The version of the calendar that is in force. */
export async function loadActiveVersion(sql: Sql): Promise<number> {
  const [row] = await sql.run<{ version: number }>(
    { name: "calendar-active", text: "SELECT version FROM holiday_calendar WHERE status = 'ACTIVE'" },
    [],
  );
  if (!row) throw new Error("no version of the holiday calendar is active");
  return row.version;
}

/** A version of the calendar with its holidays. */
export async function loadCalendar(sql: Sql, version: number): Promise<BusinessCalendar> {
  const rows = await sql.run<{ date: string }>(
    {
      name: "calendar-load",
      text: `SELECT to_char(date, 'YYYY-MM-DD') AS date FROM holiday WHERE version = $1`,
    },
    [version],
  );
  return { version, holidays: new Set(rows.map(({ date }) => date)) };
}

/** The names of a version's holidays from one date to another, both included. */
export async function loadHolidaysBetween(
  sql: Sql,
  version: number,
  from: string,
  to: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.run<{ date: string; name: string }>(
    {
      name: "calendar-between",
      text: `SELECT to_char(date, 'YYYY-MM-DD') AS date, name FROM holiday WHERE version = $1 AND date BETWEEN $2::date AND $3::date`,
    },
    [version, from, to],
  );
  return new Map(rows.map(({ date, name }) => [date, name]));
}

/** Waits for its turn to change the calendar, and keeps it until the commit. */
export async function takeCalendarTurn(sql: Sql): Promise<void> {
  await sql.run({ name: "calendar-turn", text: "SELECT pg_advisory_xact_lock($1)" }, [
    advisoryLocks.holidayCalendar,
  ]);
}

/** Writes a draft: the active version without `remove` and with `add`. Returns its version. */
export async function insertDraft(
  sql: Sql,
  { add, remove, note, by }: Omit<CalendarChange, "note"> & Readonly<{ note: string; by: string }>,
): Promise<number> {
  const [row] = await sql.run<{ version: number }>(
    {
      name: "calendar-draft",
      text: `INSERT INTO holiday_calendar (version, status, based_on, note, created_by)
        SELECT max(version) + 1, 'DRAFT', max(version) FILTER (WHERE status = 'ACTIVE'), $1, $2 FROM holiday_calendar RETURNING version`,
    },
    [note, by],
  );
  const version = row?.version ?? 0;
  await sql.run(
    {
      name: "calendar-draft-days",
      text: `INSERT INTO holiday (version, date, name, kind)
        SELECT $1::int, h.date, h.name, h.kind FROM holiday h JOIN holiday_calendar c USING (version)
        WHERE c.status = 'ACTIVE' AND h.date <> ALL ($2::date[]) AND h.date <> ALL ($3::date[])
        UNION ALL SELECT $1::int, a.date, a.name, a.kind FROM unnest($3::date[], $4::text[], $5::text[]) AS a (date, name, kind)`,
    },
    [version, remove, add.map(({ date }) => date), add.map(({ name }) => name), add.map(({ kind }) => kind)],
  );
  return version;
}

export type CalendarRow = Readonly<{
  version: number;
  status: "DRAFT" | "ACTIVE" | "RETIRED";
  basedOn: number | null;
}>;

/** Locks a version for its activation. */
export async function lockVersion(sql: Sql, version: number): Promise<CalendarRow | undefined> {
  const [row] = await sql.run<CalendarRow>(
    {
      name: "calendar-lock",
      text: `SELECT version, status, based_on AS "basedOn" FROM holiday_calendar WHERE version = $1 FOR UPDATE`,
    },
    [version],
  );
  return row;
}

/** Puts a draft in force in place of the active version. */
export async function replaceActive(sql: Sql, version: number, by: string): Promise<void> {
  await sql.run(
    {
      name: "calendar-retire",
      text: "UPDATE holiday_calendar SET status = 'RETIRED' WHERE status = 'ACTIVE'",
    },
    [],
  );
  await sql.run(
    {
      name: "calendar-activate",
      text: "UPDATE holiday_calendar SET status = 'ACTIVE', activated_at = now(), activated_by = $2 WHERE version = $1 AND status = 'DRAFT'",
    },
    [version, by],
  );
}

/** A settlement that is still to be paid, with the terms that say when. */
export type UnpaidSettlement = PayoutTerms &
  Readonly<{
    id: string;
    mallId: string;
    mallName: string;
    businessDate: string;
    payoutDate: string;
    payoutMinor: bigint;
  }>;

const payoutTerms = `c.cycle::text AS cycle, c.lag_business_days AS "lagBusinessDays", c.payout_weekdays AS "payoutWeekdays",
  c.payout_day_of_month AS "payoutDayOfMonth", c.holiday_policy::text AS "holidayPolicy"`;

/** The settlements whose payout date has not passed, in the order of their ids. */
export async function loadUnpaid(sql: Sql, today: string): Promise<UnpaidSettlement[]> {
  return sql.run(
    {
      name: "calendar-unpaid",
      text: `SELECT s.id, s.mall_id AS "mallId", m.name AS "mallName", to_char(s.business_date, 'YYYY-MM-DD') AS "businessDate",
          to_char(s.payout_date, 'YYYY-MM-DD') AS "payoutDate", s.payout_minor AS "payoutMinor", ${payoutTerms}
        FROM settlement s JOIN mall m ON m.id = s.mall_id JOIN mall_contract c ON c.id = s.contract_id
        WHERE s.status IN ('DRAFT', 'CONFIRMED') AND s.payout_date >= $1::date ORDER BY s.id`,
    },
    [today],
  );
}

/** The different terms of payout that are in force on a date, with how many malls have them. */
export async function loadTermsInForce(
  sql: Sql,
  today: string,
): Promise<(PayoutTerms & Readonly<{ mallCount: number }>)[]> {
  return sql.run(
    {
      name: "calendar-terms",
      text: `WITH c AS (
          SELECT DISTINCT ON (mall_id, method) * FROM mall_contract WHERE effective_from <= $1::date ORDER BY mall_id, method, effective_from DESC)
        SELECT ${payoutTerms}, count(DISTINCT c.mall_id)::int AS "mallCount" FROM c GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC, 1, 2 LIMIT 100`,
    },
    [today],
  );
}

/** Gives settlements their new payout dates, by a version of the calendar. */
export async function movePayouts(
  sql: Sql,
  version: number,
  moves: readonly Readonly<{ id: string; after: string }>[],
): Promise<void> {
  await sql.run(
    {
      name: "calendar-move-payouts",
      text: `UPDATE settlement s SET payout_date = m.date, calendar_version = $1 FROM unnest($2::text[], $3::date[]) AS m (id, date) WHERE s.id = m.id`,
    },
    [version, moves.map(({ id }) => id), moves.map(({ after }) => after)],
  );
}

import type { Sql } from "#server/platform/db.ts";
import type { DayState, FileKind } from "#server/reconciliation/reconciliation.values.ts";

/** A day as far as the work needs it. Dates are `YYYY-MM-DD`. */
export type Day = Readonly<{
  vanCode: string;
  businessDate: string;
  state: DayState;
  vanFileId: string | null;
  depositFileId: string | null;
  matchedAt: Date | null;
}>;

const dayColumns = `van_code AS "vanCode", to_char(business_date, 'YYYY-MM-DD') AS "businessDate", state, van_file_id AS "vanFileId",
  deposit_file_id AS "depositFileId", matched_at AS "matchedAt"`;

/** Opens the day of a VAN unless it is there already. */
export async function openDay(sql: Sql, vanCode: string, businessDate: string, at: Date): Promise<void> {
  await sql.run(
    {
      name: "recon-day-open",
      text: `INSERT INTO recon_day (van_code, business_date, opened_at) VALUES ($1, $2::date, $3) ON CONFLICT DO NOTHING`,
    },
    [vanCode, businessDate, at],
  );
}

/** The files of a day that count; undefined when nobody opened it. */
export async function loadFilesOfDay(
  sql: Sql,
  { vanCode, businessDate }: Readonly<{ vanCode: string; businessDate: string }>,
): Promise<Readonly<Record<FileKind, string | null>> | undefined> {
  const [day] = await sql.run<Record<FileKind, string | null>>(
    {
      name: "recon-day-files-in-force",
      text: `SELECT van_file_id AS "VAN", deposit_file_id AS "DEPOSIT" FROM recon_day WHERE van_code = $1 AND business_date = $2::date`,
    },
    [vanCode, businessDate],
  );
  return day;
}

/** Locks a day with its neighbours, the earliest first, so that no two wait for one another. */
export async function lockDays(sql: Sql, vanCode: string, businessDate: string): Promise<readonly Day[]> {
  return sql.run<Day>(
    {
      name: "recon-days-lock",
      text: `SELECT ${dayColumns} FROM recon_day WHERE van_code = $1 AND business_date BETWEEN $2::date - 1 AND $2::date + 1
        ORDER BY business_date FOR UPDATE`,
    },
    [vanCode, businessDate],
  );
}

/** Closes a day that is locked. Its guard refuses one with differences that nobody explained. */
export async function closeDayRow(
  sql: Sql,
  day: Readonly<{ vanCode: string; businessDate: string; closedBy: string; at: Date }>,
): Promise<void> {
  await sql.run(
    {
      name: "recon-day-close",
      text: `UPDATE recon_day SET state = 'CLOSED', closed_at = $3, closed_by = $4 WHERE van_code = $1 AND business_date = $2::date`,
    },
    [day.vanCode, day.businessDate, day.at, day.closedBy],
  );
}

/** Days of a VAN from a date on that lack nothing: both files are there, or somebody closed them. */
export async function loadWholeDaysFrom(sql: Sql, vanCode: string, from: string): Promise<readonly string[]> {
  const rows = await sql.run<{ businessDate: string }>(
    {
      name: "recon-whole-days-from",
      text: `SELECT to_char(business_date, 'YYYY-MM-DD') AS "businessDate" FROM recon_day WHERE van_code = $1 AND business_date >= $2::date
        AND (state = 'CLOSED' OR num_nonnulls(van_file_id, deposit_file_id) = 2)`,
    },
    [vanCode, from],
  );
  return rows.map(({ businessDate }) => businessDate);
}

import type { Sql } from "#server/platform/db.ts";
import type { DayState } from "#server/reconciliation/reconciliation.values.ts";

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

/** Opens the day of a VAN unless it is there already; true when this call did. */
export async function openDay(sql: Sql, vanCode: string, businessDate: string, at: Date): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "recon-day-open",
      text: `INSERT INTO recon_day (van_code, business_date, opened_at) VALUES ($1, $2::date, $3) ON CONFLICT DO NOTHING RETURNING 1`,
    },
    [vanCode, businessDate, at],
  );
  return rows.length === 1;
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

/** Days of a VAN from a date on, that the clock has opened already. */
export async function loadDaysFrom(sql: Sql, vanCode: string, from: string): Promise<readonly string[]> {
  const rows = await sql.run<{ businessDate: string }>(
    {
      name: "recon-days-from",
      text: `SELECT to_char(business_date, 'YYYY-MM-DD') AS "businessDate" FROM recon_day WHERE van_code = $1 AND business_date >= $2::date`,
    },
    [vanCode, from],
  );
  return rows.map(({ businessDate }) => businessDate);
}

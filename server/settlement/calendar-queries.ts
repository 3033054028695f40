import type { Sql } from "#server/platform/db.ts";
import type { Holiday } from "#server/settlement/domain/korean-holidays.ts";

/** A version of the holiday calendar. */
export type CalendarVersion = Readonly<{
  version: number;
  status: "DRAFT" | "ACTIVE" | "RETIRED";
  basedOn: number | null;
  note: string;
  createdByName: string;
  createdAt: Date;
  activatedByName: string | null;
  activatedAt: Date | null;
  holidayCount: number;
}>;

/** The newest hundred versions, the newest first. */
export async function listCalendars(sql: Sql): Promise<CalendarVersion[]> {
  return sql.run(
    {
      name: "calendar-list",
      text: `SELECT c.version, c.status, c.based_on AS "basedOn", c.note, coalesce(m.name, c.created_by) AS "createdByName", c.created_at AS "createdAt",
          coalesce(a.name, c.activated_by) AS "activatedByName", c.activated_at AS "activatedAt",
          (SELECT count(*)::int FROM holiday h WHERE h.version = c.version) AS "holidayCount"
        FROM holiday_calendar c LEFT JOIN operator m ON m.id = c.created_by LEFT JOIN operator a ON a.id = c.activated_by
        ORDER BY c.version DESC LIMIT 100`,
    },
    [],
  );
}

/** The holidays of a version, in order. */
export async function readHolidays(sql: Sql, version: number): Promise<Holiday[]> {
  return sql.run(
    {
      name: "calendar-holidays",
      text: `SELECT to_char(date, 'YYYY-MM-DD') AS date, name, kind FROM holiday WHERE version = $1 ORDER BY date`,
    },
    [version],
  );
}

import type { IncidentKind, IncidentSeverity } from "#server/incidents/incident.values.ts";
import type { Db } from "#server/platform/db.ts";

/** One incident with its payment's order and the person who took it in hand. */
export type IncidentLine = Readonly<{
  id: bigint;
  kind: IncidentKind;
  severity: IncidentSeverity;
  subjectId: string;
  paymentId: string | null;
  orderId: string | null;
  detail: Readonly<Record<string, unknown>>;
  openedAt: Date;
  closedAt: Date | null;
  closedHow: string | null;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  note: string | null;
}>;

export type IncidentList = Readonly<{
  /** All that are open, of which `incidents` holds the first hundred. */
  openCount: number;
  /** The open ones, newest first, then the latest that were closed. */
  incidents: readonly IncidentLine[];
}>;

const openMax = 100;
const closedMax = 20;

/** The incidents a person should look at, and the last that are over. */
export async function readIncidents(db: Db): Promise<IncidentList> {
  const orderBy = [{ openedAt: "desc" as const }, { id: "desc" as const }];
  const [openCount, open, closed] = await Promise.all([
    db.incident.count({ where: { closedAt: null } }),
    db.incident.findMany({ where: { closedAt: null }, orderBy, take: openMax }),
    db.incident.findMany({ where: { closedAt: { not: null } }, orderBy, take: closedMax }),
  ]);
  const rows = [...open, ...closed];
  const [payments, operators] = await Promise.all([
    db.payment.findMany({
      where: { id: { in: rows.flatMap(({ paymentId }) => paymentId ?? []) } },
      select: { id: true, orderId: true },
    }),
    db.operator.findMany({
      where: { id: { in: rows.flatMap(({ acknowledgedBy }) => acknowledgedBy ?? []) } },
      select: { id: true, name: true },
    }),
  ]);
  const orderOf = new Map(payments.map(({ id, orderId }) => [id, orderId]));
  const nameOf = new Map(operators.map(({ id, name }) => [id, name]));
  return {
    openCount,
    incidents: rows.map((row) => ({
      ...row,
      // The columns are text; CHECKs and `openIncident` allow no other values.
      kind: row.kind as IncidentKind,
      severity: row.severity as IncidentSeverity,
      detail: (row.detail ?? {}) as Readonly<Record<string, unknown>>,
      orderId: (row.paymentId && orderOf.get(row.paymentId)) ?? null,
      acknowledgedBy: (row.acknowledgedBy && nameOf.get(row.acknowledgedBy)) ?? row.acknowledgedBy,
    })),
  };
}

/** How many incidents are open: the count in the sidebar. */
export function countOpenIncidents(db: Db): Promise<number> {
  return db.incident.count({ where: { closedAt: null } });
}

/** An incident of a period, as a mark on a chart. */
export type IncidentMark = Readonly<{
  kind: IncidentKind;
  severity: IncidentSeverity;
  subjectId: string;
  openedAt: Date;
}>;

const marksMax = 200;

/** The incidents that were opened from `from` (inclusive) to `to` (exclusive), the newest first. */
export async function readIncidentMarks(db: Db, from: Date, to: Date): Promise<IncidentMark[]> {
  const rows = await db.incident.findMany({
    where: { openedAt: { gte: from, lt: to } },
    orderBy: { openedAt: "desc" },
    take: marksMax,
    select: { kind: true, severity: true, subjectId: true, openedAt: true },
  });
  // As above: the columns are text of known values.
  return rows.map((row) => ({
    ...row,
    kind: row.kind as IncidentKind,
    severity: row.severity as IncidentSeverity,
  }));
}

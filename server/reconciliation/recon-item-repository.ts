import type { Sql } from "#server/platform/db.ts";
import type { ItemState, ReconClass, ReconReason } from "#server/reconciliation/reconciliation.values.ts";

/** An item as far as the decisions need it. */
export type LockedItem = Readonly<{
  id: bigint;
  vanCode: string;
  businessDate: string;
  traceNo: string;
  class: ReconClass;
  reason: ReconReason;
  state: ItemState;
  ownerId: string | null;
  paymentId: string | null;
  mallId: string | null;
  isDayClosed: boolean;
  /** An approval of an ended payment that is not reversed yet. */
  isLiveAtVan: boolean;
}>;

const itemColumns = `i.id, i.van_code AS "vanCode", to_char(i.business_date, 'YYYY-MM-DD') AS "businessDate", i.trace_no AS "traceNo", i.class, i.reason, i.state,
  i.owner_id AS "ownerId", i.payment_id AS "paymentId", i.mall_id AS "mallId",
  (SELECT d.state = 'CLOSED' FROM recon_day d WHERE d.van_code = i.van_code AND d.business_date = i.business_date) AS "isDayClosed",
  EXISTS (SELECT 1 FROM van_orphan o WHERE i.kind = 'A' AND o.trace_no = i.trace_no AND o.state = 'OPEN') AS "isLiveAtVan"`;

/** Locks an item; undefined when there is none. */
export async function lockItem(sql: Sql, id: bigint): Promise<LockedItem | undefined> {
  const [item] = await sql.run<LockedItem>(
    { name: "recon-item-lock", text: `SELECT ${itemColumns} FROM recon_item i WHERE i.id = $1 FOR UPDATE` },
    [id],
  );
  return item;
}

/** Puts a locked item into somebody's hands, or into nobody's. */
export async function setOwner(sql: Sql, id: bigint, ownerId: string | null, at: Date): Promise<void> {
  await sql.run(
    { name: "recon-item-owner", text: "UPDATE recon_item SET owner_id = $2, changed_at = $3 WHERE id = $1" },
    [id, ownerId, at],
  );
}

/** Writes the note of a locked item over the one before. */
export async function setNote(sql: Sql, id: bigint, note: string, by: string, at: Date): Promise<void> {
  await sql.run(
    {
      name: "recon-item-note",
      text: "UPDATE recon_item SET note = $2, noted_by = $3, noted_at = $4, changed_at = $4 WHERE id = $1",
    },
    [id, note, by, at],
  );
}

/** Explains a locked item by a person's word. */
export async function acceptItemRow(
  sql: Sql,
  id: bigint,
  reason: string,
  by: string,
  at: Date,
): Promise<void> {
  await sql.run(
    {
      name: "recon-item-accept",
      text: `UPDATE recon_item SET state = 'EXPLAINED', resolution = 'ACCEPTED', resolution_reason = $2, explained_by = $3, explained_at = $4, changed_at = $4 WHERE id = $1`,
    },
    [id, reason, by, at],
  );
}

/** Ties a locked item to the request of what is to resolve it. */
export async function waitForChange(
  sql: Sql,
  id: bigint,
  wait: Readonly<{
    resolution: "ADJUSTED" | "CANCELED";
    reason: string;
    by: string;
    requestId: string;
    at: Date;
  }>,
): Promise<void> {
  await sql.run(
    {
      name: "recon-item-wait",
      text: `UPDATE recon_item SET state = 'WAITING', resolution = $2, resolution_reason = $3, explained_by = $4, change_request_id = $5, changed_at = $6 WHERE id = $1`,
    },
    [id, wait.resolution, wait.reason, wait.by, wait.requestId, wait.at],
  );
}

/** What the end of a request or a reversal may explain. */
const undecided = `(i.state = 'WAITING' OR (i.state = 'OPEN' AND i.class = 'ONLY_VAN' AND i.reason = 'LATE_APPROVAL'))`;

/**
 * Carries over how requests ended: what was done explains its item, anything else gives it back. An item waits only as long
 * as its facts are those it was asked on. Also explains approvals whose orphan was reversed since. Items in other hands are
 * left for the next time, so that it waits for nobody. Returns how many items moved.
 */
export async function followDecisions(sql: Sql, at: Date): Promise<number> {
  const rows = await sql.run<{ id: bigint }>(
    {
      name: "recon-follow-lock",
      text: `SELECT i.id FROM recon_item i WHERE i.state <> 'EXPLAINED' AND ${undecided} ORDER BY i.id FOR UPDATE SKIP LOCKED`,
    },
    [],
  );
  return carryOver(sql, rows, at);
}

/** As `followDecisions`, of one day that is locked, and waiting for each item in the order of their numbers. */
export async function followDecisionsOfDay(
  sql: Sql,
  { vanCode, businessDate }: Readonly<{ vanCode: string; businessDate: string }>,
  at: Date,
): Promise<number> {
  const rows = await sql.run<{ id: bigint }>(
    {
      name: "recon-follow-lock-day",
      text: `SELECT i.id FROM recon_item i WHERE i.van_code = $1 AND i.business_date = $2::date AND i.state <> 'EXPLAINED' AND ${undecided}
        ORDER BY i.id FOR UPDATE`,
    },
    [vanCode, businessDate],
  );
  return carryOver(sql, rows, at);
}

async function carryOver(sql: Sql, locked: readonly { id: bigint }[], at: Date): Promise<number> {
  if (locked.length === 0) return 0;
  const rows = await sql.run<{ moved: number }>(
    {
      name: "recon-follow",
      text: `WITH decided AS (
          UPDATE recon_item i SET changed_at = $1, state = CASE WHEN r.status::text = 'DONE' THEN 'EXPLAINED' ELSE 'OPEN' END,
            explained_at = CASE WHEN r.status::text = 'DONE' THEN $1::timestamptz END,
            resolution = CASE WHEN r.status::text = 'DONE' THEN i.resolution END,
            resolution_reason = CASE WHEN r.status::text = 'DONE' THEN i.resolution_reason END,
            explained_by = CASE WHEN r.status::text = 'DONE' THEN i.explained_by END
          FROM change_request r WHERE i.id = ANY($2::bigint[]) AND i.state = 'WAITING' AND r.id = i.change_request_id
            AND r.status::text IN ('DONE', 'REFUSED', 'REJECTED', 'EXPIRED', 'WITHDRAWN')
          RETURNING 1
        ), reversed AS (
          UPDATE recon_item i SET changed_at = $1, state = 'EXPLAINED', resolution = 'REVERSED', explained_at = $1
          FROM van_orphan o WHERE i.id = ANY($2::bigint[]) AND i.state = 'OPEN' AND i.class = 'ONLY_VAN' AND i.reason = 'LATE_APPROVAL'
            AND o.trace_no = i.trace_no AND o.state <> 'OPEN'
          RETURNING 1
        ) SELECT (SELECT count(*) FROM decided)::int + (SELECT count(*) FROM reversed)::int AS moved`,
    },
    [at, locked.map(({ id }) => id)],
  );
  return rows[0]?.moved ?? 0;
}

/** How many items of a day nobody has explained. */
export async function countUnexplained(sql: Sql, vanCode: string, businessDate: string): Promise<number> {
  const [row] = await sql.run<{ count: number }>(
    {
      name: "recon-unexplained",
      text: "SELECT count(*)::int AS count FROM recon_item WHERE van_code = $1 AND business_date = $2::date AND state <> 'EXPLAINED'",
    },
    [vanCode, businessDate],
  );
  return row?.count ?? 0;
}

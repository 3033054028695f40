import type { ChangeKind } from "#server/change-requests/change-kinds.values.ts";
import type { Sql } from "#server/platform/db.ts";
import { type SettlementRow, settlementColumns } from "#server/settlement/settlement-queries.ts";

/** A request about a settlement that somebody is still to decide, or that is being carried out. */
export type OpenSettlementRequest = Readonly<{
  requestId: string;
  kind: Extract<ChangeKind, "SETTLEMENT_CONFIRM" | "SETTLEMENT_PAYOUT" | "WITHHOLD" | "ADJUSTMENT">;
  settlementId: string;
  /** The hold that would be released; null for everything else. */
  holdId: string | null;
  makerName: string;
}>;

const open = "r.status IN ('PENDING', 'APPROVED', 'RUNNING')";

/** The open requests about some settlements: asked for alone, with others, or for their whole mall. In the order of their ids. */
export async function listOpenRequests(
  sql: Sql,
  settlementIds: readonly string[],
): Promise<OpenSettlementRequest[]> {
  return sql.run(
    {
      name: "settlement-open-requests",
      text: `SELECT r.id AS "requestId", r.kind, s.id AS "settlementId", r.payload->>'holdId' AS "holdId", coalesce(o.name, r.maker_id) AS "makerName"
        FROM settlement s JOIN change_request r ON ${open} AND (
            (r.kind IN ('SETTLEMENT_CONFIRM', 'SETTLEMENT_PAYOUT') AND r.payload->'settlements' @> jsonb_build_array(jsonb_build_object('id', s.id)))
            OR (r.kind = 'WITHHOLD' AND r.payload->>'mallId' = s.mall_id AND coalesce(r.payload->>'settlementId', s.id) = s.id)
            OR (r.kind = 'ADJUSTMENT' AND r.payload->>'correctsId' = s.id))
        LEFT JOIN operator o ON o.id = r.maker_id
        WHERE s.id = ANY($1::text[]) AND r.kind IN ('SETTLEMENT_CONFIRM', 'SETTLEMENT_PAYOUT', 'WITHHOLD', 'ADJUSTMENT')
        ORDER BY r.id, s.id`,
    },
    [settlementIds],
  );
}

/** A settlement as it stands now; `isAsSeen` is false when it is not what the maker of the request saw. */
export type AskedSettlement = SettlementRow & Readonly<{ isAsSeen: boolean }>;

/** The settlements that a request would confirm or pay out, in the order of their ids; none for any other request. */
export async function readAskedSettlements(sql: Sql, requestId: string): Promise<AskedSettlement[]> {
  return sql.run(
    {
      name: "settlement-asked",
      text: `SELECT ${settlementColumns}, encode(s.hash, 'hex') = x.hash
            AND s.status::text = CASE r.kind WHEN 'SETTLEMENT_CONFIRM' THEN 'DRAFT' ELSE 'CONFIRMED' END AS "isAsSeen"
        FROM change_request r CROSS JOIN LATERAL jsonb_to_recordset(r.payload->'settlements') AS x (id text, hash text)
        JOIN settlement s ON s.id = x.id JOIN mall m ON m.id = s.mall_id
        WHERE r.id = $1 AND r.kind IN ('SETTLEMENT_CONFIRM', 'SETTLEMENT_PAYOUT') ORDER BY s.id`,
    },
    [requestId],
  );
}

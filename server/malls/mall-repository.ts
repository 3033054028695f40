import type { ContractTerms } from "#server/malls/mall.schemas.ts";
import type { ContractMethod, MallStatus } from "#server/malls/mall.values.ts";
import type { Sql } from "#server/platform/db.ts";
import type { Route } from "#server/van/route-to-van.ts";

/** A key that works, with its mall as the rows say. */
export type KeyRow = Readonly<{
  keyId: string;
  mallId: string;
  mallName: string;
  status: MallStatus;
  /** When a key that was replaced ends. */
  expiresAt: Date | null;
  routes: readonly Route[];
  /** Empty when the mall may call from anywhere. */
  allowed: readonly Readonly<{ cidr: string; note: string }>[];
}>;

const works = "k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())";

/** Finds the mall that a secret key belongs to, unless the key has ended. */
export async function loadMallOfKey(sql: Sql, keyHash: Buffer): Promise<KeyRow | undefined> {
  const [mall] = await sql.run<KeyRow>(
    {
      name: "mall-of-key",
      text: `SELECT k.id AS "keyId", m.id AS "mallId", m.name AS "mallName", m.status, k.expires_at AS "expiresAt",
          coalesce((SELECT json_agg(json_build_object('vanCode', r.van_code, 'weight', r.weight) ORDER BY r.van_code)
            FROM mall_van_route r WHERE r.mall_id = m.id), '[]'::json) AS routes,
          coalesce((SELECT json_agg(json_build_object('cidr', a.cidr, 'note', a.note) ORDER BY a.position)
            FROM mall_address_range a WHERE a.mall_id = m.id), '[]'::json) AS allowed
        FROM api_key k JOIN mall m ON m.id = k.mall_id WHERE k.key_hash = $1 AND ${works}`,
    },
    [keyHash],
  );
  return mall;
}

export type KeyUse = Readonly<{ keyId: string; mallId: string; address: string | null; at: Date }>;

/** Callers that were not heard of for this long are forgotten. */
const callersKeptDays = 7;

/** Writes when and from where keys were used, and forgets old callers of the same malls. Rows are locked in one order. */
export async function writeKeyUses(sql: Sql, uses: readonly KeyUse[]): Promise<void> {
  await sql.run(
    {
      name: "api-key-uses",
      text: `WITH used AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS u(key_id, mall_id, address, at)),
        latest AS (SELECT DISTINCT ON (key_id) key_id, address, at FROM used ORDER BY key_id, at DESC),
        locked AS (SELECT id FROM api_key WHERE id IN (SELECT key_id FROM latest) ORDER BY id FOR NO KEY UPDATE),
        keys AS (
          UPDATE api_key k SET last_used_at = l.at, last_used_from = l.address FROM latest l JOIN locked ON locked.id = l.key_id
          WHERE k.id = l.key_id AND (k.last_used_at IS NULL OR k.last_used_at < l.at)),
        old AS (
          DELETE FROM mall_caller WHERE (mall_id, address) IN (
            SELECT mall_id, address FROM mall_caller
            WHERE mall_id IN (SELECT mall_id FROM used) AND last_called_at < now() - make_interval(days => ${callersKeptDays})
              AND (mall_id, address) NOT IN (SELECT mall_id, address FROM used WHERE address IS NOT NULL)
            FOR UPDATE SKIP LOCKED))
        INSERT INTO mall_caller AS c (mall_id, address, first_called_at, last_called_at)
        SELECT mall_id, address, min(at), max(at) FROM used WHERE address IS NOT NULL GROUP BY mall_id, address ORDER BY mall_id, address
        ON CONFLICT (mall_id, address) DO UPDATE SET last_called_at = greatest(c.last_called_at, excluded.last_called_at)`,
    },
    [
      uses.map(({ keyId }) => keyId),
      uses.map(({ mallId }) => mallId),
      uses.map(({ address }) => address),
      uses.map(({ at }) => at),
    ],
  );
}

export type LockedMall = Readonly<{
  id: string;
  name: string;
  status: MallStatus;
  suspendedReason: string | null;
  /** The business date of this transaction, `YYYY-MM-DD`. */
  today: string;
}>;

/** The mall, locked until the end of the transaction: changes of one mall come one after the other. */
export async function lockMall(sql: Sql, mallId: string): Promise<LockedMall | undefined> {
  const [mall] = await sql.run<LockedMall>(
    {
      name: "mall-lock",
      text: `SELECT id, name, status, suspended_reason AS "suspendedReason", to_char(now() AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD') AS today
        FROM mall WHERE id = $1 FOR NO KEY UPDATE`,
    },
    [mallId],
  );
  return mall;
}

export async function insertMall(
  sql: Sql,
  mall: Readonly<{ id: string; name: string; businessNumber: string; routes: readonly Route[] }>,
): Promise<void> {
  await sql.run(
    { name: "mall-insert", text: "INSERT INTO mall (id, name, business_number) VALUES ($1, $2, $3)" },
    [mall.id, mall.name, mall.businessNumber],
  );
  await sql.run(
    {
      name: "mall-routes-insert",
      text: "INSERT INTO mall_van_route (mall_id, van_code, weight) SELECT $1, * FROM unnest($2::text[], $3::int[])",
    },
    [mall.id, mall.routes.map(({ vanCode }) => vanCode), mall.routes.map(({ weight }) => weight)],
  );
}

export type Suspension = Readonly<{ at: Date; by: string; reason: string }>;

/** Suspends the mall, or resumes it with null. */
export async function writeSuspension(
  sql: Sql,
  mallId: string,
  suspension: Suspension | null,
): Promise<void> {
  await sql.run(
    {
      name: "mall-suspension",
      text: "UPDATE mall SET status = $2::mall_status, suspended_at = $3, suspended_by = $4, suspended_reason = $5 WHERE id = $1",
    },
    [
      mallId,
      suspension ? "SUSPENDED" : "ACTIVE",
      suspension?.at ?? null,
      suspension?.by ?? null,
      suspension?.reason ?? null,
    ],
  );
}

/** How many keys of the mall work now. */
export async function countWorkingKeys(sql: Sql, mallId: string): Promise<number> {
  const [row] = await sql.run<{ count: number }>(
    {
      name: "api-key-count",
      text: `SELECT count(*)::int AS count FROM api_key k WHERE k.mall_id = $1 AND ${works}`,
    },
    [mallId],
  );
  return row?.count ?? 0;
}

export type NewKey = Readonly<{
  id: string;
  mallId: string;
  name: string;
  keyHash: Buffer;
  prefix: string;
  lastFour: string;
  createdBy: string;
}>;

export async function insertKey(sql: Sql, key: NewKey): Promise<void> {
  await sql.run(
    {
      name: "api-key-insert",
      text: `INSERT INTO api_key (id, mall_id, name, key_hash, prefix, last_four, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    },
    [key.id, key.mallId, key.name, key.keyHash, key.prefix, key.lastFour, key.createdBy],
  );
}

export type WorkingKey = Readonly<{ name: string; prefix: string; lastFour: string; isReplaced: boolean }>;

/** A key of the mall that works now, locked. */
export async function lockWorkingKey(
  sql: Sql,
  mallId: string,
  keyId: string,
): Promise<WorkingKey | undefined> {
  const [key] = await sql.run<WorkingKey>(
    {
      name: "api-key-lock",
      text: `SELECT name, prefix, last_four AS "lastFour", replaced_by_id IS NOT NULL AS "isReplaced"
        FROM api_key k WHERE k.id = $1 AND k.mall_id = $2 AND ${works} FOR NO KEY UPDATE`,
    },
    [keyId, mallId],
  );
  return key;
}

/** Gives a key its heir; it works `overlapHours` more. Returns until when, by the database's clock. */
export async function replaceKey(
  sql: Sql,
  keyId: string,
  heirId: string,
  overlapHours: number,
): Promise<Date | undefined> {
  const [row] = await sql.run<{ expiresAt: Date }>(
    {
      name: "api-key-replace",
      text: `UPDATE api_key SET replaced_by_id = $2, rotated_at = date_trunc('milliseconds', now()),
          expires_at = date_trunc('milliseconds', now()) + make_interval(hours => $3::int)
        WHERE id = $1 AND replaced_by_id IS NULL RETURNING expires_at AS "expiresAt"`,
    },
    [keyId, heirId, overlapHours],
  );
  return row?.expiresAt;
}

export async function writeRevocation(sql: Sql, keyId: string, by: string): Promise<void> {
  await sql.run(
    {
      name: "api-key-revoke",
      text: "UPDATE api_key SET revoked_at = now(), revoked_by = $2 WHERE id = $1 AND revoked_at IS NULL",
    },
    [keyId, by],
  );
}

export type RangeRow = Readonly<{ cidr: string; note: string }>;

export async function loadRanges(sql: Sql, mallId: string): Promise<RangeRow[]> {
  return sql.run<RangeRow>(
    {
      name: "mall-ranges",
      text: "SELECT cidr, note FROM mall_address_range WHERE mall_id = $1 ORDER BY position",
    },
    [mallId],
  );
}

/** Puts a new list in the place of the present one. */
export async function writeRanges(sql: Sql, mallId: string, ranges: readonly RangeRow[]): Promise<void> {
  await sql.run({ name: "mall-ranges-clear", text: "DELETE FROM mall_address_range WHERE mall_id = $1" }, [
    mallId,
  ]);
  await sql.run(
    {
      name: "mall-ranges-insert",
      text: `INSERT INTO mall_address_range (mall_id, cidr, note, position)
        SELECT $1, * FROM unnest($2::text[], $3::text[]) WITH ORDINALITY`,
    },
    [mallId, ranges.map(({ cidr }) => cidr), ranges.map(({ note }) => note)],
  );
}

export type Caller = Readonly<{ address: string; lastCalledAt: Date }>;

/** A list that shuts out more than these is not looked at line by line any more. */
const callersMax = 500;

/** Where the mall called from in the last 24 hours, the latest first. */
export async function loadRecentCallers(sql: Sql, mallId: string): Promise<Caller[]> {
  return sql.run<Caller>(
    {
      name: "mall-callers",
      text: `SELECT address, last_called_at AS "lastCalledAt" FROM mall_caller
        WHERE mall_id = $1 AND last_called_at > now() - interval '24 hours' ORDER BY last_called_at DESC LIMIT ${callersMax}`,
    },
    [mallId],
  );
}

/** The version before a date, and whether one begins on that very day. */
export async function loadContractNeighbours(
  sql: Sql,
  mallId: string,
  { method, effectiveFrom }: Pick<ContractTerms, "method" | "effectiveFrom">,
): Promise<Readonly<{ hasAny: boolean; isTaken: boolean; before: ContractFacts | null }>> {
  const [row] = await sql.run<{ hasAny: boolean; isTaken: boolean; before: ContractFacts | null }>(
    {
      name: "contract-neighbours",
      text: `SELECT EXISTS (SELECT 1 FROM mall_contract WHERE mall_id = $1 AND method = $2::payment_method) AS "hasAny",
        EXISTS (SELECT 1 FROM mall_contract WHERE mall_id = $1 AND method = $2::payment_method AND effective_from = $3::date) AS "isTaken",
        (SELECT ${contractFacts} FROM mall_contract WHERE mall_id = $1 AND method = $2::payment_method AND effective_from < $3::date
          ORDER BY effective_from DESC LIMIT 1) AS before`,
    },
    [mallId, method, effectiveFrom],
  );
  return row ?? { hasAny: false, isTaken: false, before: null };
}

/** What the audit log and a request keep of a version. */
export type ContractFacts = Omit<ContractTerms, "method" | "note">;
const contractFacts = `json_build_object('effectiveFrom', to_char(effective_from, 'YYYY-MM-DD'), 'feeRateE5', fee_rate_e5, 'feeRounding', fee_rounding,
  'isFeeRefundable', is_fee_refundable, 'cycle', cycle, 'lagBusinessDays', lag_business_days, 'payoutWeekdays', payout_weekdays,
  'payoutDayOfMonth', payout_day_of_month, 'holidayPolicy', holiday_policy)`;

export async function insertContract(
  sql: Sql,
  contract: ContractTerms & Readonly<{ id: string; mallId: string; createdBy: string }>,
): Promise<void> {
  await sql.run(
    {
      name: "contract-insert",
      text: `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, note, created_by,
          payout_weekdays, payout_day_of_month, holiday_policy)
        VALUES ($1, $2, $3::payment_method, $4::date, $5, $6::fee_rounding, $7, $8::settlement_cycle, $9, $10, $11, $12::int[], $13, $14::holiday_policy)`,
    },
    [
      contract.id,
      contract.mallId,
      contract.method,
      contract.effectiveFrom,
      contract.feeRateE5,
      contract.feeRounding,
      contract.isFeeRefundable,
      contract.cycle,
      contract.lagBusinessDays,
      contract.note,
      contract.createdBy,
      contract.payoutWeekdays?.toSorted((a, b) => a - b) ?? [2, 4],
      contract.payoutDayOfMonth ?? 31,
      contract.holidayPolicy ?? "HOLIDAY_BEFORE",
    ],
  );
}

/** A version that has not begun, or undefined when there is none such. */
export async function loadFutureContract(
  sql: Sql,
  mallId: string,
  contractId: string,
  today: string,
): Promise<Readonly<{ method: ContractMethod; terms: ContractFacts }> | undefined> {
  const [row] = await sql.run<{ method: ContractMethod; terms: ContractFacts }>(
    {
      name: "contract-future",
      text: `SELECT method::text AS method, ${contractFacts} AS terms FROM mall_contract WHERE id = $1 AND mall_id = $2 AND effective_from > $3::date`,
    },
    [contractId, mallId, today],
  );
  return row;
}

/** Takes back a version that has not begun; returns what it said, or undefined when there is none such. */
export async function deleteFutureContract(
  sql: Sql,
  mallId: string,
  contractId: string,
  today: string,
): Promise<Readonly<{ method: ContractMethod; terms: ContractFacts }> | undefined> {
  const [row] = await sql.run<{ method: ContractMethod; terms: ContractFacts }>(
    {
      name: "contract-withdraw",
      text: `DELETE FROM mall_contract WHERE id = $1 AND mall_id = $2 AND effective_from > $3::date
        RETURNING method, ${contractFacts} AS terms`,
    },
    [contractId, mallId, today],
  );
  return row;
}

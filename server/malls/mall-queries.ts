import { Prisma } from "#prisma/generated/client.ts";
import { businessDateOf, startOfBusinessDate } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { MallSearch } from "#server/malls/mall.schemas.ts";
import type {
  ContractMethod,
  FeeRounding,
  HolidayPolicy,
  MallStatus,
  SettlementCycle,
} from "#server/malls/mall.values.ts";
import type { Context } from "#server/platform/context.ts";
import type { Db } from "#server/platform/db.ts";

/** One line of the list. `approvedTodayMinor` is what was approved of the payments that came today, in won. */
export type MallLine = Readonly<{
  id: string;
  name: string;
  businessNumber: string;
  status: MallStatus;
  approvedTodayCount: number;
  approvedTodayMinor: bigint;
  /** Null when no key of it was ever used. */
  lastUsedAt: Date | null;
  workingKeyCount: number;
}>;

export type MallPage = Readonly<{
  malls: readonly MallLine[];
  nextCursor: Readonly<{ name: string; id: string }> | null;
}>;

type Ctx = Pick<Context, "db" | "now">;

const isWorking = Prisma.sql`k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`;
const businessNumberLike = /^[\d-]{3,12}$/;

/** A page of the malls that match, by name. */
export async function searchMalls({ db, now }: Ctx, search: MallSearch): Promise<MallPage> {
  const today = startOfBusinessDate(businessDateOf(now()));
  const { cursor, limit } = search;
  const malls = await db.$queryRaw<MallLine[]>`
    WITH page AS (
      SELECT id, name, business_number, status FROM mall WHERE ${matching(search)}
        ${cursor ? Prisma.sql`AND (name, id) > (${cursor.name}, ${cursor.id})` : Prisma.empty}
      ORDER BY name, id LIMIT ${limit + 1})
    SELECT m.id, m.name, m.business_number AS "businessNumber", m.status::text AS status, v.count AS "approvedTodayCount",
      v.amount AS "approvedTodayMinor", u.at AS "lastUsedAt", u.working AS "workingKeyCount"
    FROM page m
    CROSS JOIN LATERAL (SELECT count(*)::int AS count, coalesce(sum(amount_minor), 0)::bigint AS amount FROM payment
      WHERE mall_id = m.id AND requested_at >= ${today} AND approved_at IS NOT NULL AND status <> 'NET_CANCELED') v
    CROSS JOIN LATERAL (SELECT max(k.last_used_at) AS at, (count(*) FILTER (WHERE ${isWorking}))::int AS working
      FROM api_key k WHERE k.mall_id = m.id) u
    ORDER BY m.name, m.id`;
  const page = malls.slice(0, limit);
  const last = page.at(-1);
  return {
    malls: page,
    nextCursor: malls.length > limit && last ? { name: last.name, id: last.id } : null,
  };
}

/** How many malls match, by status. */
export async function countMalls(db: Db, q: string): Promise<Readonly<Record<MallStatus, number>>> {
  const rows = await db.$queryRaw<{ status: MallStatus; count: number }[]>`
    SELECT status::text AS status, count(*)::int AS count FROM mall WHERE ${matching({ q })} GROUP BY status`;
  const countOf = (status: MallStatus) => rows.find((row) => row.status === status)?.count ?? 0;
  return { ACTIVE: countOf("ACTIVE"), SUSPENDED: countOf("SUSPENDED") };
}

function matching({ q, status }: Pick<MallSearch, "q" | "status">): Prisma.Sql {
  const conditions = [Prisma.sql`true`];
  if (status) conditions.push(Prisma.sql`status = ${status}::mall_status`);
  if (q !== "") {
    const like = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
    conditions.push(
      q.startsWith("mall_")
        ? Prisma.sql`id = ${q}`
        : businessNumberLike.test(q)
          ? Prisma.sql`(name ILIKE ${like} OR business_number LIKE ${like})`
          : Prisma.sql`name ILIKE ${like}`,
    );
  }
  return Prisma.join(conditions, " AND ");
}

export type MallRecord = Readonly<{
  id: string;
  name: string;
  businessNumber: string;
  status: MallStatus;
  createdAt: Date;
  /** `byName` is the operator's name, or the id of one that is gone. */
  suspension: Readonly<{ reason: string; byName: string; at: Date }> | null;
  approvedTodayCount: number;
  approvedTodayMinor: bigint;
  routes: readonly Readonly<{ vanCode: string; weight: number }>[];
  counts: Readonly<{ workingKeys: number; addressRanges: number; endpoints: number; contracts: number }>;
}>;

/** One mall with what its page says at the top. Throws `NOT_FOUND`. */
export async function readMall({ db, now }: Ctx, mallId: string): Promise<MallRecord> {
  const today = startOfBusinessDate(businessDateOf(now()));
  const [mall, [figures]] = await Promise.all([
    db.mall.findUnique({
      where: { id: mallId },
      include: {
        routes: { where: { weight: { gt: 0 } }, orderBy: { vanCode: "asc" } },
        _count: { select: { addressRanges: true, contracts: true } },
      },
    }),
    db.$queryRaw<{ count: number; amount: bigint; workingKeys: number; endpoints: number }[]>`
      SELECT count(*)::int AS count, coalesce(sum(amount_minor), 0)::bigint AS amount,
        (SELECT count(*)::int FROM api_key k WHERE k.mall_id = ${mallId} AND ${isWorking}) AS "workingKeys",
        (SELECT count(*)::int FROM webhook_endpoint e WHERE e.mall_id = ${mallId} AND e.status <> 'DELETED') AS endpoints
      FROM payment WHERE mall_id = ${mallId} AND requested_at >= ${today} AND approved_at IS NOT NULL AND status <> 'NET_CANCELED'`,
  ]);
  if (!mall || !figures) throw new Refusal("NOT_FOUND");
  const { suspendedAt, suspendedBy, suspendedReason } = mall;
  const names = await operatorNames(db, suspendedBy ? [suspendedBy] : []);
  return {
    id: mall.id,
    name: mall.name,
    businessNumber: mall.businessNumber,
    status: mall.status,
    createdAt: mall.createdAt,
    suspension:
      suspendedAt && suspendedBy && suspendedReason
        ? { at: suspendedAt, byName: names.get(suspendedBy) ?? suspendedBy, reason: suspendedReason }
        : null,
    approvedTodayCount: figures.count,
    approvedTodayMinor: figures.amount,
    routes: mall.routes.map(({ vanCode, weight }) => ({ vanCode, weight })),
    counts: {
      workingKeys: figures.workingKeys,
      addressRanges: mall._count.addressRanges,
      endpoints: figures.endpoints,
      contracts: mall._count.contracts,
    },
  };
}

/** WORKING; ENDING: replaced, works until `expiresAt`; ENDED: that time has passed; REVOKED. */
export type KeyState = "WORKING" | "ENDING" | "ENDED" | "REVOKED";

export type KeyLine = Readonly<{
  id: string;
  name: string;
  prefix: string;
  lastFour: string;
  state: KeyState;
  createdAt: Date;
  createdByName: string | null;
  lastUsedAt: Date | null;
  lastUsedFrom: string | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}>;

const endedKeysMax = 50;

/** The keys of a mall: those that work first, then the latest that ended. */
export async function readKeys(db: Db, mallId: string): Promise<readonly KeyLine[]> {
  return db.$queryRaw<KeyLine[]>`
    SELECT k.id, k.name, k.prefix, k.last_four AS "lastFour", k.created_at AS "createdAt", coalesce(o.name, k.created_by) AS "createdByName",
      k.last_used_at AS "lastUsedAt", k.last_used_from AS "lastUsedFrom", k.expires_at AS "expiresAt", k.revoked_at AS "revokedAt",
      CASE WHEN k.revoked_at IS NOT NULL THEN 'REVOKED' WHEN k.expires_at IS NULL THEN 'WORKING'
        WHEN k.expires_at > now() THEN 'ENDING' ELSE 'ENDED' END AS state
    FROM api_key k LEFT JOIN operator o ON o.id = k.created_by WHERE k.mall_id = ${mallId}
    ORDER BY (${isWorking}) DESC, k.created_at DESC, k.id DESC LIMIT ${endedKeysMax}`;
}

export type AddressBook = Readonly<{
  ranges: readonly Readonly<{ cidr: string; note: string }>[];
  callers: readonly Readonly<{ address: string; firstCalledAt: Date; lastCalledAt: Date }>[];
}>;

const callersShownMax = 50;

/** The allow-list of a mall, and where it called from in the last 24 hours. */
export async function readAddressBook({ db, now }: Ctx, mallId: string): Promise<AddressBook> {
  const since = new Date(now().getTime() - 24 * 60 * 60 * 1000);
  const [ranges, callers] = await Promise.all([
    db.mallAddressRange.findMany({
      where: { mallId },
      orderBy: { position: "asc" },
      select: { cidr: true, note: true },
    }),
    db.mallCaller.findMany({
      where: { mallId, lastCalledAt: { gt: since } },
      orderBy: { lastCalledAt: "desc" },
      take: callersShownMax,
      select: { address: true, firstCalledAt: true, lastCalledAt: true },
    }),
  ]);
  return { ranges, callers };
}

/** PAST, CURRENT on this business date, or FUTURE. */
export type ContractState = "PAST" | "CURRENT" | "FUTURE";

/** One version. Dates are business dates; `effectiveUntil` is the last day, null while no later version is there. */
export type ContractLine = Readonly<{
  id: string;
  method: ContractMethod;
  state: ContractState;
  effectiveFrom: string;
  effectiveUntil: string | null;
  feeRateE5: number;
  feeRounding: FeeRounding;
  isFeeRefundable: boolean;
  cycle: SettlementCycle;
  lagBusinessDays: number;
  /** ISO weekdays of a weekly cycle; of no meaning to others. */
  payoutWeekdays: readonly number[];
  /** Day of a monthly cycle, 31 for the last; of no meaning to others. */
  payoutDayOfMonth: number;
  holidayPolicy: HolidayPolicy;
  note: string;
  createdAt: Date;
  createdByName: string;
}>;

export type ContractBook = Readonly<{ today: string; contracts: readonly ContractLine[] }>;

/** Every version of every method, the latest first; with the business date by which they were told apart. */
export async function readContracts({ db, now }: Ctx, mallId: string): Promise<ContractBook> {
  const today = businessDateOf(now());
  const contracts = await db.$queryRaw<ContractLine[]>`
    WITH version AS (
      SELECT *, lead(effective_from) OVER (PARTITION BY method ORDER BY effective_from) AS next_from FROM mall_contract WHERE mall_id = ${mallId})
    SELECT c.id, c.method::text AS method, to_char(c.effective_from, 'YYYY-MM-DD') AS "effectiveFrom",
      to_char(c.next_from - 1, 'YYYY-MM-DD') AS "effectiveUntil", c.fee_rate_e5 AS "feeRateE5", c.fee_rounding::text AS "feeRounding",
      c.is_fee_refundable AS "isFeeRefundable", c.cycle::text AS cycle, c.lag_business_days AS "lagBusinessDays",
      c.payout_weekdays AS "payoutWeekdays", c.payout_day_of_month AS "payoutDayOfMonth", c.holiday_policy::text AS "holidayPolicy", c.note,
      c.created_at AS "createdAt", coalesce(o.name, c.created_by) AS "createdByName",
      CASE WHEN c.effective_from > ${today}::date THEN 'FUTURE' WHEN c.next_from <= ${today}::date THEN 'PAST' ELSE 'CURRENT' END AS state
    FROM version c LEFT JOIN operator o ON o.id = c.created_by
    ORDER BY c.method, c.effective_from DESC LIMIT 500`;
  return { today, contracts };
}

/** The VANs that a mall's approvals may go to. */
export async function readVanChoices(db: Db): Promise<readonly Readonly<{ code: string; name: string }>[]> {
  return db.van.findMany({ select: { code: true, name: true }, orderBy: { code: "asc" } });
}

async function operatorNames(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.operator.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, name: true },
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

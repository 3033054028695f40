import type { Sql } from "#server/platform/db.ts";
import type { SettlementStatus } from "#server/settlement/settlement.values.ts";

/** A settlement as a decision needs it; `hash` in hex is what the decision is about. Amounts are minor units. */
export type HeldSettlement = Readonly<{
  id: string;
  mallId: string;
  mallName: string;
  businessDate: string;
  status: SettlementStatus;
  hash: string | null;
  payoutDate: string | null;
  payoutMinor: bigint;
  isWithheld: boolean;
}>;

const isWithheld = `EXISTS (SELECT 1 FROM settlement_hold h WHERE h.mall_id = s.mall_id AND (h.settlement_id IS NULL OR h.settlement_id = s.id)
  AND h.released_at IS NULL)`;

const heldColumns = `s.id, s.mall_id AS "mallId", m.name AS "mallName", to_char(s.business_date, 'YYYY-MM-DD') AS "businessDate", s.status::text AS status,
  encode(s.hash, 'hex') AS hash, to_char(s.payout_date, 'YYYY-MM-DD') AS "payoutDate", s.payout_minor AS "payoutMinor", ${isWithheld} AS "isWithheld"`;

/** Reads settlements, in the order of their ids. */
export async function loadSettlements(sql: Sql, ids: readonly string[]): Promise<HeldSettlement[]> {
  return sql.run(
    {
      name: "settlement-load",
      text: `SELECT ${heldColumns} FROM settlement s JOIN mall m ON m.id = s.mall_id WHERE s.id = ANY($1::text[]) ORDER BY s.id`,
    },
    [ids],
  );
}

/** Locks settlements, always in the same order so that two who want some of the same wait and do not block one another. */
export async function lockSettlements(sql: Sql, ids: readonly string[]): Promise<HeldSettlement[]> {
  await sql.run(
    {
      name: "settlement-lock",
      text: "SELECT 1 FROM settlement WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE",
    },
    [ids],
  );
  // A hold is set under the lock of its mall: what is read here stays so until the commit.
  await sql.run(
    {
      name: "settlement-lock-malls",
      text: `SELECT 1 FROM mall WHERE id IN (SELECT mall_id FROM settlement WHERE id = ANY($1::text[])) ORDER BY id FOR NO KEY UPDATE`,
    },
    [ids],
  );
  return loadSettlements(sql, ids);
}

type TwoPeople = Readonly<{ makerId: string; checkerId: string; at: Date; businessDate: string }>;

/** Confirms locked drafts: what was owed of payments becomes what is owed of settlements, less fees and their VAT. */
export async function confirmDrafts(sql: Sql, ids: readonly string[], by: TwoPeople): Promise<void> {
  await sql.run(
    {
      name: "settlement-confirm",
      text: `UPDATE settlement SET status = 'CONFIRMED', confirm_maker = $2, confirmed_by = $3, confirmed_at = $4 WHERE id = ANY($1::text[]) AND status = 'DRAFT'`,
    },
    [ids, by.makerId, by.checkerId, by.at],
  );
  await sql.run(
    {
      name: "settlement-confirm-ledger",
      text: `INSERT INTO ledger_entry (event_key, account, amount_minor, business_date)
        SELECT 'settlement:' || s.id || ':confirm', side.account, side.amount, $2::date FROM settlement s CROSS JOIN LATERAL (VALUES
            ('mall_payable:' || s.mall_id, s.approval_minor + s.cancel_minor),
            ('fee_revenue', -s.fee_minor),
            ('fee_vat_payable', -s.fee_vat_minor),
            ('settlement_adjustment', s.adjustment_minor),
            ('settled_payable:' || s.mall_id, -s.net_minor)) AS side (account, amount)
        WHERE s.id = ANY($1::text[]) AND side.amount <> 0`,
    },
    [ids, by.businessDate],
  );
}

/** Pays out locked, confirmed settlements. */
export async function payOutConfirmed(sql: Sql, ids: readonly string[], by: TwoPeople): Promise<void> {
  await sql.run(
    {
      name: "settlement-pay-out",
      text: `UPDATE settlement SET status = 'PAID_OUT', payout_maker = $2, paid_out_by = $3, paid_out_at = $4 WHERE id = ANY($1::text[]) AND status = 'CONFIRMED'`,
    },
    [ids, by.makerId, by.checkerId, by.at],
  );
  await sql.run(
    {
      name: "settlement-pay-out-ledger",
      text: `INSERT INTO ledger_entry (event_key, account, amount_minor, business_date)
        SELECT 'settlement:' || s.id || ':payout', side.account, side.amount, $2::date FROM settlement s CROSS JOIN LATERAL (VALUES
            ('settled_payable:' || s.mall_id, s.payout_minor), ('payout_bank', -s.payout_minor)) AS side (account, amount)
        WHERE s.id = ANY($1::text[]) AND side.amount <> 0`,
    },
    [ids, by.businessDate],
  );
}

export type NewHold = Readonly<{
  id: string;
  mallId: string;
  settlementId: string | null;
  reason: string;
  makerId: string;
  checkerId: string;
  at: Date;
}>;

/** Withholds; false when it is withheld already. Waits for a payout of the mall that is being written. */
export async function insertHold(sql: Sql, hold: NewHold): Promise<boolean> {
  await sql.run(
    { name: "settlement-hold-lock", text: "SELECT 1 FROM mall WHERE id = $1 FOR NO KEY UPDATE" },
    [hold.mallId],
  );
  const rows = await sql.run(
    {
      name: "settlement-hold-insert",
      text: `INSERT INTO settlement_hold (id, mall_id, settlement_id, reason, maker_id, checker_id, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT DO NOTHING RETURNING id`,
    },
    [hold.id, hold.mallId, hold.settlementId, hold.reason, hold.makerId, hold.checkerId, hold.at],
  );
  return rows.length === 1;
}

export type OpenHold = Readonly<{
  id: string;
  mallId: string;
  settlementId: string | null;
  mallName: string;
}>;

/** The open hold of this id. */
export async function loadOpenHold(sql: Sql, id: string): Promise<OpenHold | undefined> {
  const [hold] = await sql.run<OpenHold>(
    {
      name: "settlement-hold-load",
      text: `SELECT h.id, h.mall_id AS "mallId", h.settlement_id AS "settlementId", m.name AS "mallName"
        FROM settlement_hold h JOIN mall m ON m.id = h.mall_id WHERE h.id = $1 AND h.released_at IS NULL`,
    },
    [id],
  );
  return hold;
}

/** Releases a hold; false when it is not open. */
export async function endHold(
  sql: Sql,
  release: Readonly<{ id: string; reason: string; makerId: string; checkerId: string; at: Date }>,
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "settlement-hold-release",
      text: `UPDATE settlement_hold SET release_reason = $2, release_maker = $3, release_checker = $4, released_at = $5 WHERE id = $1 AND released_at IS NULL RETURNING id`,
    },
    [release.id, release.reason, release.makerId, release.checkerId, release.at],
  );
  return rows.length === 1;
}

export type NewAdjustment = Readonly<{
  id: string;
  mallId: string;
  method: "CARD" | "VOUCHER";
  amountMinor: bigint;
  reason: string;
  correctsId: string | null;
  makerId: string;
  checkerId: string;
  madeOn: string;
}>;

/** Writes an adjustment, which the mall's next settlement takes as a line. Of the same id it is written once. */
export async function insertAdjustment(sql: Sql, one: NewAdjustment): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "settlement-adjustment-insert",
      text: `INSERT INTO settlement_adjustment (id, mall_id, method, amount_minor, reason, corrects_id, maker_id, checker_id, made_on)
        VALUES ($1, $2, $3::payment_method, $4, $5, $6, $7, $8, $9::date) ON CONFLICT (id) DO NOTHING RETURNING id`,
    },
    [
      one.id,
      one.mallId,
      one.method,
      one.amountMinor,
      one.reason,
      one.correctsId,
      one.makerId,
      one.checkerId,
      one.madeOn,
    ],
  );
  return rows.length === 1;
}

/** The name of a mall. */
export async function loadMallName(sql: Sql, mallId: string): Promise<string | undefined> {
  const [row] = await sql.run<{ name: string }>(
    { name: "settlement-mall-name", text: "SELECT name FROM mall WHERE id = $1" },
    [mallId],
  );
  return row?.name;
}

/** States facts about settlements, for whoever listens: each settlement says itself as it stands. */
export async function announceSettlements(
  sql: Sql,
  type: "settlement.confirmed" | "settlement.paid_out" | "settlement.withheld",
  ids: readonly string[],
  at: Date,
): Promise<void> {
  await sql.run(
    {
      name: "settlement-announce",
      text: `INSERT INTO event (type, mall_id, subject_id, data, occurred_at)
        SELECT $1, mall_id, id, jsonb_build_object('settlementId', id, 'status', status, 'method', method,
          'soldDate', to_char(business_date, 'YYYY-MM-DD'), 'payoutDate', to_char(payout_date, 'YYYY-MM-DD'),
          'approvedAmount', approval_minor, 'canceledAmount', -cancel_minor, 'fee', fee_minor, 'feeVat', fee_vat_minor,
          'adjustmentAmount', adjustment_minor, 'netAmount', net_minor, 'carriedAmount', carried_in_minor, 'payoutAmount', payout_minor), $3
        FROM settlement WHERE id = ANY($2::text[]) ORDER BY id`,
    },
    [type, ids, at],
  );
}

/** Writes what lay outside on a date; returns what was written before, if anything. */
export async function saveFund(
  sql: Sql,
  fund: Readonly<{ businessDate: string; heldMinor: bigint; note: string; reportedBy: string; at: Date }>,
): Promise<bigint | null> {
  const [before] = await sql.run<{ heldMinor: bigint }>(
    {
      name: "settlement-fund-load",
      text: `SELECT held_minor AS "heldMinor" FROM settlement_fund WHERE business_date = $1::date FOR UPDATE`,
    },
    [fund.businessDate],
  );
  await sql.run(
    {
      name: "settlement-fund-save",
      text: `INSERT INTO settlement_fund (business_date, held_minor, note, reported_by, reported_at) VALUES ($1::date, $2, $3, $4, $5)
        ON CONFLICT (business_date) DO UPDATE SET held_minor = $2, note = $3, reported_by = $4, reported_at = $5`,
    },
    [fund.businessDate, fund.heldMinor, fund.note, fund.reportedBy, fund.at],
  );
  return before?.heldMinor ?? null;
}

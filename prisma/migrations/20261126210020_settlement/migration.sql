-- CreateEnum
CREATE TYPE "settlement_status" AS ENUM ('COLLECTED', 'DRAFT', 'CONFIRMED', 'PAID_OUT');

-- CreateEnum
CREATE TYPE "settlement_line_kind" AS ENUM ('APPROVAL', 'CANCEL', 'ADJUSTMENT');

-- CreateTable
CREATE TABLE "settlement_batch" (
    "business_date" DATE NOT NULL,
    "from_date" DATE NOT NULL,
    "previous_date" DATE,
    "calendar_version" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_by" TEXT,
    "finished_at" TIMESTAMPTZ(3),
    "generation" INTEGER NOT NULL DEFAULT 1,
    "settlement_count" INTEGER NOT NULL DEFAULT 0,
    "line_count" INTEGER NOT NULL DEFAULT 0,
    "pending_count" INTEGER NOT NULL DEFAULT 0,
    "hash" BYTEA,

    CONSTRAINT "settlement_batch_pkey" PRIMARY KEY ("business_date")
);

-- CreateTable
CREATE TABLE "settlement_work" (
    "business_date" DATE NOT NULL,
    "mall_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'WAITING',
    "line_count" INTEGER NOT NULL DEFAULT 0,
    "pending_count" INTEGER NOT NULL DEFAULT 0,
    "changed_at" TIMESTAMPTZ(3),

    CONSTRAINT "settlement_work_pkey" PRIMARY KEY ("business_date","mall_id")
);

-- CreateTable
CREATE TABLE "settlement" (
    "id" TEXT NOT NULL,
    "business_date" DATE NOT NULL,
    "mall_id" TEXT NOT NULL,
    "method" "payment_method" NOT NULL,
    "status" "settlement_status" NOT NULL,
    "contract_id" TEXT,
    "calendar_version" INTEGER NOT NULL,
    "payout_date" DATE,
    "line_count" INTEGER NOT NULL DEFAULT 0,
    "approval_count" INTEGER NOT NULL DEFAULT 0,
    "approval_minor" BIGINT NOT NULL DEFAULT 0,
    "cancel_count" INTEGER NOT NULL DEFAULT 0,
    "cancel_minor" BIGINT NOT NULL DEFAULT 0,
    "fee_minor" BIGINT NOT NULL DEFAULT 0,
    "fee_vat_minor" BIGINT NOT NULL DEFAULT 0,
    "adjustment_minor" BIGINT NOT NULL DEFAULT 0,
    "net_minor" BIGINT NOT NULL DEFAULT 0,
    "carried_in_minor" BIGINT NOT NULL DEFAULT 0,
    "payout_minor" BIGINT NOT NULL DEFAULT 0,
    "carried_out_minor" BIGINT NOT NULL DEFAULT 0,
    "hash" BYTEA,
    "drafted_at" TIMESTAMPTZ(3),
    "confirm_maker" TEXT,
    "confirmed_by" TEXT,
    "confirmed_at" TIMESTAMPTZ(3),
    "payout_maker" TEXT,
    "paid_out_by" TEXT,
    "paid_out_at" TIMESTAMPTZ(3),

    CONSTRAINT "settlement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_line" (
    "settlement_id" TEXT NOT NULL,
    "line_no" INTEGER NOT NULL,
    "kind" "settlement_line_kind" NOT NULL,
    "event_key" TEXT NOT NULL,
    "payment_id" TEXT,
    "cancel_id" TEXT,
    "event_date" DATE NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "fee_minor" BIGINT NOT NULL,
    "fee_vat_minor" BIGINT NOT NULL,
    "net_minor" BIGINT NOT NULL,
    "balance_before_minor" BIGINT NOT NULL,
    "contract_id" TEXT,
    "fee_rate_e5" INTEGER,
    "fee_rounding" "fee_rounding",
    "is_fee_refundable" BOOLEAN,

    CONSTRAINT "settlement_line_pkey" PRIMARY KEY ("settlement_id","line_no")
);

-- CreateTable
CREATE TABLE "settlement_pending" (
    "business_date" DATE NOT NULL,
    "mall_id" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "since" DATE NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "is_postponed" BOOLEAN NOT NULL,

    CONSTRAINT "settlement_pending_pkey" PRIMARY KEY ("business_date","mall_id","subject_id")
);

-- CreateTable
CREATE TABLE "settlement_adjustment" (
    "id" TEXT NOT NULL,
    "mall_id" TEXT NOT NULL,
    "method" "payment_method" NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "corrects_id" TEXT,
    "maker_id" TEXT NOT NULL,
    "checker_id" TEXT NOT NULL,
    "made_on" DATE NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "settlement_adjustment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_hold" (
    "id" TEXT NOT NULL,
    "mall_id" TEXT NOT NULL,
    "settlement_id" TEXT,
    "reason" TEXT NOT NULL,
    "maker_id" TEXT NOT NULL,
    "checker_id" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "release_reason" TEXT,
    "release_maker" TEXT,
    "release_checker" TEXT,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "settlement_hold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_fund" (
    "business_date" DATE NOT NULL,
    "held_minor" BIGINT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "reported_by" TEXT NOT NULL,
    "reported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "settlement_fund_pkey" PRIMARY KEY ("business_date")
);

-- CreateIndex
CREATE UNIQUE INDEX "settlement_batch_previous_date_key" ON "settlement_batch"("previous_date");

-- CreateIndex
CREATE INDEX "settlement_work_business_date_state_idx" ON "settlement_work"("business_date", "state");

-- CreateIndex
CREATE INDEX "settlement_business_date_id_idx" ON "settlement"("business_date" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "settlement_payout_date_id_idx" ON "settlement"("payout_date" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "settlement_mall_id_business_date_id_idx" ON "settlement"("mall_id", "business_date" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "settlement_mall_id_method_business_date_key" ON "settlement"("mall_id", "method", "business_date");

-- CreateIndex
CREATE UNIQUE INDEX "settlement_line_event_key_key" ON "settlement_line"("event_key");

-- CreateIndex
CREATE INDEX "settlement_line_payment_id_idx" ON "settlement_line"("payment_id");

-- CreateIndex
CREATE INDEX "settlement_adjustment_mall_id_made_on_idx" ON "settlement_adjustment"("mall_id", "made_on");

-- CreateIndex
CREATE INDEX "settlement_hold_mall_id_idx" ON "settlement_hold"("mall_id");

-- ---------------------------------------------------------------- rules
-- ST-1. The same as `feeOf` and `feeVatOf` in the code; a test holds them to one another.
CREATE FUNCTION settlement_fee(amount bigint, rate_e5 int, rounding fee_rounding) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE rounding
    WHEN 'FLOOR_1' THEN amount * rate_e5 / 100000
    WHEN 'FLOOR_10' THEN amount * rate_e5 / 1000000 * 10
    ELSE (amount * rate_e5 + 50000) / 100000 END
$$;
CREATE FUNCTION settlement_fee_vat(fee bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (fee + 5) / 10 $$;

-- What a mall's day of ledger events is read by. Each event has one entry of this kind.
CREATE INDEX "ledger_entry_payable" ON "ledger_entry" ("account", "business_date") WHERE "account" LIKE 'mall_payable:%';

-- ---------------------------------------------------------------- batches
ALTER TABLE "settlement_batch"
  ADD CONSTRAINT "settlement_batch_status" CHECK ("status" IN ('OPEN', 'DONE')),
  ADD CONSTRAINT "settlement_batch_done" CHECK (("status" = 'DONE') = ("finished_at" IS NOT NULL AND "hash" IS NOT NULL)),
  -- Dates are covered once and without a gap: a batch begins on the day after the one before.
  ADD CONSTRAINT "settlement_batch_dates" CHECK ("from_date" <= "business_date" AND ("previous_date" IS NULL OR "from_date" = "previous_date" + 1));
-- AddForeignKey
ALTER TABLE "settlement_batch" ADD CONSTRAINT "settlement_batch_previous_date_fkey" FOREIGN KEY ("previous_date") REFERENCES "settlement_batch"("business_date") ON DELETE RESTRICT ON UPDATE RESTRICT;
-- One has none before it: the first.
CREATE UNIQUE INDEX "settlement_batch_one_first" ON "settlement_batch" ((true)) WHERE "previous_date" IS NULL;
ALTER TABLE "settlement_work" ADD CONSTRAINT "settlement_work_state" CHECK ("state" IN ('WAITING', 'COLLECTED', 'DONE'));
ALTER TABLE "settlement_pending" ADD CONSTRAINT "settlement_pending_reason" CHECK ("reason" IN ('CANCEL_PENDING', 'NO_CONTRACT', 'APPROVAL_WAITS', 'UNKNOWN'));

-- ---------------------------------------------------------------- settlements
ALTER TABLE "settlement"
  ADD CONSTRAINT "settlement_sums" CHECK ("status" = 'COLLECTED' OR (
    "net_minor" = "approval_minor" + "cancel_minor" - "fee_minor" - "fee_vat_minor" + "adjustment_minor"
    AND "payout_minor" + "carried_out_minor" = "net_minor" + "carried_in_minor"
    AND "payout_minor" >= 0 AND "carried_out_minor" <= 0 AND "carried_in_minor" <= 0
    AND ("payout_minor" = 0 OR "carried_out_minor" = 0)
    AND "payout_date" IS NOT NULL AND "contract_id" IS NOT NULL AND "hash" IS NOT NULL AND "drafted_at" IS NOT NULL)),
  -- Four eyes, for the confirmation and for the payout.
  ADD CONSTRAINT "settlement_confirm_checker_is_not_maker" CHECK ("confirmed_by" <> "confirm_maker"),
  ADD CONSTRAINT "settlement_payout_checker_is_not_maker" CHECK ("paid_out_by" <> "payout_maker"),
  ADD CONSTRAINT "settlement_confirmed_whole" CHECK (num_nonnulls("confirm_maker", "confirmed_by", "confirmed_at") = CASE WHEN "status" IN ('CONFIRMED', 'PAID_OUT') THEN 3 ELSE 0 END),
  ADD CONSTRAINT "settlement_paid_whole" CHECK (num_nonnulls("payout_maker", "paid_out_by", "paid_out_at") = CASE WHEN "status" = 'PAID_OUT' THEN 3 ELSE 0 END);
CREATE INDEX "settlement_unpaid" ON "settlement" ("business_date") WHERE "status" <> 'PAID_OUT';
CREATE INDEX "settlement_paid_out" ON "settlement" ("paid_out_at") WHERE "status" = 'PAID_OUT';

CREATE FUNCTION settlement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.status NOT IN ('COLLECTED', 'DRAFT') THEN
      RAISE EXCEPTION 'settlement % is confirmed', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.status <> NEW.status AND (OLD.status::text, NEW.status::text) NOT IN (('COLLECTED', 'DRAFT'), ('DRAFT', 'CONFIRMED'), ('CONFIRMED', 'PAID_OUT')) THEN
    RAISE EXCEPTION 'settlement % may not move from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = '23514';
  END IF;
  -- ST-9: what it says is fixed when it is drafted. Who confirmed and paid it is added, and a new calendar may move its payout.
  IF OLD.status <> 'COLLECTED' AND (NEW.id, NEW.business_date, NEW.mall_id, NEW.method, NEW.contract_id, NEW.line_count,
      NEW.approval_count, NEW.approval_minor, NEW.cancel_count, NEW.cancel_minor, NEW.fee_minor, NEW.fee_vat_minor, NEW.adjustment_minor, NEW.net_minor,
      NEW.carried_in_minor, NEW.payout_minor, NEW.carried_out_minor, NEW.hash)
    IS DISTINCT FROM (OLD.id, OLD.business_date, OLD.mall_id, OLD.method, OLD.contract_id, OLD.line_count,
      OLD.approval_count, OLD.approval_minor, OLD.cancel_count, OLD.cancel_minor, OLD.fee_minor, OLD.fee_vat_minor, OLD.adjustment_minor, OLD.net_minor,
      OLD.carried_in_minor, OLD.payout_minor, OLD.carried_out_minor, OLD.hash)
  THEN
    RAISE EXCEPTION 'settlement % keeps what it says', OLD.id USING ERRCODE = '23514';
  END IF;
  IF OLD.status = 'PAID_OUT' AND (NEW.payout_date, NEW.calendar_version) IS DISTINCT FROM (OLD.payout_date, OLD.calendar_version) THEN
    RAISE EXCEPTION 'settlement % was paid out on its day', OLD.id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER settlement_guard BEFORE UPDATE OR DELETE ON "settlement" FOR EACH ROW EXECUTE FUNCTION settlement_guard();

-- ---------------------------------------------------------------- lines
ALTER TABLE "settlement_line"
  ADD CONSTRAINT "settlement_line_net" CHECK ("net_minor" = "amount_minor" - "fee_minor" - "fee_vat_minor" OR "kind" = 'ADJUSTMENT'),
  ADD CONSTRAINT "settlement_line_kind_facts" CHECK (CASE "kind"
    WHEN 'APPROVAL' THEN "amount_minor" > 0 AND "fee_minor" >= 0 AND num_nonnulls("payment_id", "contract_id", "fee_rate_e5", "fee_rounding", "is_fee_refundable") = 5
    WHEN 'CANCEL' THEN "amount_minor" < 0 AND "fee_minor" <= 0 AND "balance_before_minor" >= -"amount_minor" AND num_nonnulls("payment_id", "contract_id", "fee_rate_e5", "fee_rounding", "is_fee_refundable") = 5
    ELSE "amount_minor" = 0 AND "fee_minor" = 0 AND "fee_vat_minor" = 0 AND "net_minor" <> 0 END);
CREATE TRIGGER settlement_line_no_update BEFORE UPDATE ON "settlement_line" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_line_no_truncate BEFORE TRUNCATE ON "settlement_line" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Once for a statement, because a statement writes a million of them. Lines come while their settlement is collected and
-- can be taken back, to be computed anew, until it is confirmed.
CREATE FUNCTION settlement_line_guard_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT settlement_id FROM written) w LEFT JOIN settlement s ON s.id = w.settlement_id
    WHERE s.status IS DISTINCT FROM 'COLLECTED') THEN
    RAISE EXCEPTION 'a settlement takes lines only while it is collected' USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER settlement_line_guard_insert AFTER INSERT ON "settlement_line" REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION settlement_line_guard_insert();
CREATE FUNCTION settlement_line_guard_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT settlement_id FROM gone) g JOIN settlement s ON s.id = g.settlement_id
    WHERE s.status IN ('CONFIRMED', 'PAID_OUT')) THEN
    RAISE EXCEPTION 'the lines of a confirmed settlement stay' USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER settlement_line_guard_delete AFTER DELETE ON "settlement_line" REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION settlement_line_guard_delete();

-- ---------------------------------------------------------------- adjustments, holds, funds
ALTER TABLE "settlement_adjustment"
  ADD CONSTRAINT "settlement_adjustment_not_zero" CHECK ("amount_minor" <> 0),
  ADD CONSTRAINT "settlement_adjustment_checker_is_not_maker" CHECK ("checker_id" <> "maker_id");
CREATE TRIGGER settlement_adjustment_append_only BEFORE UPDATE OR DELETE ON "settlement_adjustment" FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE "settlement_hold"
  ADD CONSTRAINT "settlement_hold_checker_is_not_maker" CHECK ("checker_id" <> "maker_id" AND "release_checker" <> "release_maker"),
  ADD CONSTRAINT "settlement_hold_released_whole" CHECK (num_nonnulls("release_reason", "release_maker", "release_checker", "released_at") IN (0, 4));
CREATE UNIQUE INDEX "settlement_hold_one_open" ON "settlement_hold" ("mall_id", coalesce("settlement_id", '')) WHERE "released_at" IS NULL;
ALTER TABLE "settlement_fund" ADD CONSTRAINT "settlement_fund_not_negative" CHECK ("held_minor" >= 0);

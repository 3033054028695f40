-- CreateTable
CREATE TABLE "van_fee_terms" (
    "van_code" TEXT NOT NULL,
    "effective_from" DATE NOT NULL,
    "fee_rate_e5" INTEGER NOT NULL,
    "fee_rounding" "fee_rounding" NOT NULL,

    CONSTRAINT "van_fee_terms_pkey" PRIMARY KEY ("van_code","effective_from")
);

-- CreateTable
CREATE TABLE "recon_file" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "van_code" TEXT NOT NULL,
    "business_date" DATE NOT NULL,
    "sha256" BYTEA NOT NULL,
    "byte_count" BIGINT NOT NULL,
    "record_count" INTEGER NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "fee_minor" BIGINT NOT NULL DEFAULT 0,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,
    "imported_by" TEXT,
    "replaced_at" TIMESTAMPTZ(3),

    CONSTRAINT "recon_file_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recon_van_line" (
    "file_id" TEXT NOT NULL,
    "line_no" INTEGER NOT NULL,
    "van_code" TEXT NOT NULL,
    "business_date" DATE NOT NULL,
    "kind" TEXT NOT NULL,
    "trace_no" TEXT NOT NULL,
    "original_trace_no" TEXT NOT NULL,
    "mall_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "approval_no" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "issuer_code" TEXT NOT NULL,
    "issuer_name" TEXT NOT NULL,
    "processed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "recon_van_line_pkey" PRIMARY KEY ("file_id","line_no")
);

-- CreateTable
CREATE TABLE "recon_deposit_line" (
    "file_id" TEXT NOT NULL,
    "line_no" INTEGER NOT NULL,
    "van_code" TEXT NOT NULL,
    "business_date" DATE NOT NULL,
    "kind" TEXT NOT NULL,
    "trace_no" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "fee_minor" BIGINT NOT NULL,
    "fee_vat_minor" BIGINT NOT NULL,

    CONSTRAINT "recon_deposit_line_pkey" PRIMARY KEY ("file_id","line_no")
);

-- CreateTable
CREATE TABLE "recon_day" (
    "van_code" TEXT NOT NULL,
    "business_date" DATE NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'OPEN',
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "van_file_id" TEXT,
    "deposit_file_id" TEXT,
    "matched_at" TIMESTAMPTZ(3),
    "ours_count" INTEGER NOT NULL DEFAULT 0,
    "ours_minor" BIGINT NOT NULL DEFAULT 0,
    "van_count" INTEGER NOT NULL DEFAULT 0,
    "van_minor" BIGINT NOT NULL DEFAULT 0,
    "deposit_count" INTEGER NOT NULL DEFAULT 0,
    "deposit_minor" BIGINT NOT NULL DEFAULT 0,
    "fee_minor" BIGINT NOT NULL DEFAULT 0,
    "record_count" INTEGER NOT NULL DEFAULT 0,
    "matched_count" INTEGER NOT NULL DEFAULT 0,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by" TEXT,

    CONSTRAINT "recon_day_pkey" PRIMARY KEY ("van_code","business_date")
);

-- CreateTable
CREATE TABLE "recon_item" (
    "id" BIGSERIAL NOT NULL,
    "van_code" TEXT NOT NULL,
    "business_date" DATE NOT NULL,
    "kind" TEXT NOT NULL,
    "trace_no" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "payment_id" TEXT,
    "cancel_id" TEXT,
    "mall_id" TEXT,
    "order_id" TEXT,
    "ours_minor" BIGINT,
    "ours_date" DATE,
    "van_minor" BIGINT,
    "van_date" DATE,
    "paid_minor" BIGINT,
    "fee_minor" BIGINT,
    "fee_expected_minor" BIGINT,
    "risk_minor" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "resolution" TEXT,
    "resolution_reason" TEXT,
    "change_request_id" TEXT,
    "explained_by" TEXT,
    "explained_at" TIMESTAMPTZ(3),
    "owner_id" TEXT,
    "note" TEXT,
    "noted_by" TEXT,
    "noted_at" TIMESTAMPTZ(3),
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "recon_item_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "recon_file_sha256_key" ON "recon_file"("sha256");

-- CreateIndex
CREATE INDEX "recon_file_business_date_van_code_idx" ON "recon_file"("business_date", "van_code");

-- CreateIndex
CREATE UNIQUE INDEX "recon_van_line_van_code_trace_no_kind_business_date_key" ON "recon_van_line"("van_code", "trace_no", "kind", "business_date");

-- CreateIndex
CREATE UNIQUE INDEX "recon_deposit_line_van_code_trace_no_kind_business_date_key" ON "recon_deposit_line"("van_code", "trace_no", "kind", "business_date");

-- CreateIndex
CREATE INDEX "recon_day_business_date_van_code_idx" ON "recon_day"("business_date" DESC, "van_code");

-- CreateIndex
CREATE INDEX "recon_item_priority_found_at_id_idx" ON "recon_item"("priority", "found_at", "id");

-- CreateIndex
CREATE INDEX "recon_item_payment_id_idx" ON "recon_item"("payment_id");

-- CreateIndex
CREATE UNIQUE INDEX "recon_item_van_code_business_date_trace_no_kind_key" ON "recon_item"("van_code", "business_date", "trace_no", "kind");

-- AddForeignKey
ALTER TABLE "recon_day" ADD CONSTRAINT "recon_day_van_file_id_fkey" FOREIGN KEY ("van_file_id") REFERENCES "recon_file"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "recon_day" ADD CONSTRAINT "recon_day_deposit_file_id_fkey" FOREIGN KEY ("deposit_file_id") REFERENCES "recon_file"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "recon_item" ADD CONSTRAINT "recon_item_van_code_business_date_fkey" FOREIGN KEY ("van_code", "business_date") REFERENCES "recon_day"("van_code", "business_date") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ---------------------------------------------------------------- what the sandbox VANs keep
INSERT INTO "van_fee_terms" ("van_code", "effective_from", "fee_rate_e5", "fee_rounding")
  VALUES ('SBX1', '2000-01-01', 1500, 'FLOOR_1'), ('SBX2', '2000-01-01', 1700, 'FLOOR_1');
ALTER TABLE "van_fee_terms" ADD CONSTRAINT "van_fee_terms_rate" CHECK ("fee_rate_e5" BETWEEN 0 AND 100000);

-- ---------------------------------------------------------------- files and their lines
ALTER TABLE "recon_file"
  ADD CONSTRAINT "recon_file_kind" CHECK ("kind" IN ('VAN', 'DEPOSIT')),
  ADD CONSTRAINT "recon_file_sha256_whole" CHECK (octet_length("sha256") = 32);
-- One file of each kind counts for a day.
CREATE UNIQUE INDEX "recon_file_in_force" ON "recon_file" ("van_code", "business_date", "kind") WHERE "replaced_at" IS NULL;
ALTER TABLE "recon_van_line"
  ADD CONSTRAINT "recon_van_line_sign" CHECK (CASE "kind" WHEN 'A' THEN "amount_minor" > 0 WHEN 'C' THEN "amount_minor" < 0 WHEN 'N' THEN "amount_minor" < 0 ELSE false END);
ALTER TABLE "recon_deposit_line"
  ADD CONSTRAINT "recon_deposit_line_sign" CHECK (CASE "kind" WHEN 'A' THEN "amount_minor" > 0 WHEN 'C' THEN "amount_minor" < 0 WHEN 'N' THEN "amount_minor" < 0 ELSE false END);
CREATE TRIGGER recon_van_line_no_update BEFORE UPDATE ON "recon_van_line" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recon_deposit_line_no_update BEFORE UPDATE ON "recon_deposit_line" FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Once for a statement, because a statement writes a hundred thousand of them.
CREATE FUNCTION recon_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT van_code, business_date FROM changed) c JOIN recon_day d USING (van_code, business_date) WHERE d.state = 'CLOSED') THEN
    RAISE EXCEPTION 'the lines of a closed day stay' USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER recon_van_line_guard_insert AFTER INSERT ON "recon_van_line" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION recon_line_guard();
CREATE TRIGGER recon_van_line_guard_delete AFTER DELETE ON "recon_van_line" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION recon_line_guard();
CREATE TRIGGER recon_deposit_line_guard_insert AFTER INSERT ON "recon_deposit_line" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION recon_line_guard();
CREATE TRIGGER recon_deposit_line_guard_delete AFTER DELETE ON "recon_deposit_line" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION recon_line_guard();

-- ---------------------------------------------------------------- days
ALTER TABLE "recon_day"
  ADD CONSTRAINT "recon_day_state" CHECK ("state" IN ('OPEN', 'CLOSED')),
  ADD CONSTRAINT "recon_day_closed_whole" CHECK (num_nonnulls("closed_at", "closed_by") = CASE WHEN "state" = 'CLOSED' THEN 2 ELSE 0 END),
  ADD CONSTRAINT "recon_day_closed_complete" CHECK ("state" = 'OPEN' OR num_nonnulls("van_file_id", "deposit_file_id", "matched_at") = 3);
CREATE FUNCTION recon_day_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'CLOSED' THEN
    RAISE EXCEPTION 'the reconciliation of % % is closed', OLD.van_code, OLD.business_date USING ERRCODE = '23514';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NEW.state = 'CLOSED' AND EXISTS (SELECT 1 FROM recon_item i WHERE i.van_code = NEW.van_code AND i.business_date = NEW.business_date AND i.state <> 'EXPLAINED') THEN
    RAISE EXCEPTION 'the reconciliation of % % has differences that nobody explained', OLD.van_code, OLD.business_date USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recon_day_guard BEFORE UPDATE OR DELETE ON "recon_day" FOR EACH ROW EXECUTE FUNCTION recon_day_guard();

-- ---------------------------------------------------------------- items
ALTER TABLE "recon_item"
  ADD CONSTRAINT "recon_item_class" CHECK ("class" IN ('ONLY_VAN', 'STATUS_DIFF', 'AMOUNT_DIFF', 'ONLY_OURS', 'FEE_DIFF', 'DATE_SHIFT', 'MATCHED')),
  ADD CONSTRAINT "recon_item_state" CHECK ("state" IN ('OPEN', 'WAITING', 'EXPLAINED')),
  ADD CONSTRAINT "recon_item_resolution" CHECK ("resolution" IN ('ACCEPTED', 'ADJUSTED', 'CANCELED', 'REVERSED', 'DATE_SHIFT', 'MATCHED')),
  ADD CONSTRAINT "recon_item_explained_whole" CHECK (("explained_at" IS NOT NULL) = ("state" = 'EXPLAINED') AND ("resolution" IS NULL) = ("state" = 'OPEN')),
  -- An acceptance has a person and a reason; what waits and what moved money has its request.
  ADD CONSTRAINT "recon_item_accepted_by_person" CHECK ("resolution" <> 'ACCEPTED' OR num_nonnulls("explained_by", "resolution_reason") = 2),
  ADD CONSTRAINT "recon_item_change" CHECK (("resolution" IN ('ADJUSTED', 'CANCELED')) IS NOT TRUE OR "change_request_id" IS NOT NULL),
  ADD CONSTRAINT "recon_item_waits_for_change" CHECK ("state" <> 'WAITING' OR "resolution" IN ('ADJUSTED', 'CANCELED')),
  ADD CONSTRAINT "recon_item_noted_whole" CHECK (num_nonnulls("note", "noted_by", "noted_at") IN (0, 3)),
  ADD CONSTRAINT "recon_item_risk" CHECK ("risk_minor" >= 0);
-- The worklist, and what keeps a day open.
CREATE INDEX "recon_item_open" ON "recon_item" ("priority", "found_at", "id") WHERE "state" <> 'EXPLAINED';
CREATE INDEX "recon_item_unexplained" ON "recon_item" ("van_code", "business_date") WHERE "state" <> 'EXPLAINED';
CREATE INDEX "recon_item_waiting" ON "recon_item" ("change_request_id") WHERE "state" = 'WAITING';
CREATE FUNCTION recon_item_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM recon_day d WHERE d.state = 'CLOSED' AND d.van_code = coalesce(NEW.van_code, OLD.van_code) AND d.business_date = coalesce(NEW.business_date, OLD.business_date)) THEN
    RAISE EXCEPTION 'the items of a closed day stay' USING ERRCODE = '23514';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER recon_item_guard BEFORE INSERT OR UPDATE OR DELETE ON "recon_item" FOR EACH ROW EXECUTE FUNCTION recon_item_guard();

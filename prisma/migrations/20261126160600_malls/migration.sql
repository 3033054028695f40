-- CreateEnum
CREATE TYPE "fee_rounding" AS ENUM ('FLOOR_1', 'FLOOR_10', 'HALF_UP_1');

-- CreateEnum
CREATE TYPE "settlement_cycle" AS ENUM ('DAILY', 'WEEKLY', 'MONTHLY');

-- AlterTable
ALTER TABLE "mall" ADD COLUMN     "suspended_at" TIMESTAMPTZ(3),
ADD COLUMN     "suspended_by" TEXT,
ADD COLUMN     "suspended_reason" TEXT;

-- Who suspended a mall says why; a mall that is not suspended has neither.
ALTER TABLE "mall" ADD CONSTRAINT "mall_suspended_whole"
  CHECK (num_nonnulls("suspended_at", "suspended_by", "suspended_reason") IN (0, 3) AND NOT ("status" = 'ACTIVE' AND "suspended_at" IS NOT NULL));

-- CreateIndex
CREATE INDEX "mall_name_id_idx" ON "mall"("name", "id");
CREATE INDEX "mall_search" ON "mall" USING gin ("name" gin_trgm_ops, "business_number" gin_trgm_ops);

-- ---------------------------------------------------------------- keys
-- AlterTable
ALTER TABLE "api_key" ADD COLUMN     "created_by" TEXT,
ADD COLUMN     "expires_at" TIMESTAMPTZ(3),
ADD COLUMN     "last_used_from" TEXT,
ADD COLUMN     "replaced_by_id" TEXT,
ADD COLUMN     "revoked_by" TEXT,
ADD COLUMN     "rotated_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE UNIQUE INDEX "api_key_replaced_by_id_key" ON "api_key"("replaced_by_id");

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_replaced_by_id_fkey" FOREIGN KEY ("replaced_by_id") REFERENCES "api_key"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- An old key ends because another took its place, and overlaps with it for three days at most.
ALTER TABLE "api_key"
  ADD CONSTRAINT "api_key_rotated_whole" CHECK (num_nonnulls("rotated_at", "replaced_by_id", "expires_at") IN (0, 3)),
  ADD CONSTRAINT "api_key_overlap" CHECK ("expires_at" BETWEEN "rotated_at" AND "rotated_at" + interval '72 hours'),
  ADD CONSTRAINT "api_key_not_its_own_heir" CHECK ("replaced_by_id" <> "id");

-- A key keeps what it is, is replaced once, and never works again once it was revoked.
CREATE FUNCTION api_key_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.mall_id, NEW.name, NEW.key_hash, NEW.prefix, NEW.last_four, NEW.created_at)
     IS DISTINCT FROM (OLD.id, OLD.mall_id, OLD.name, OLD.key_hash, OLD.prefix, OLD.last_four, OLD.created_at)
    OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
    OR (OLD.replaced_by_id IS NOT NULL
      AND (NEW.replaced_by_id, NEW.rotated_at, NEW.expires_at) IS DISTINCT FROM (OLD.replaced_by_id, OLD.rotated_at, OLD.expires_at))
  THEN
    RAISE EXCEPTION 'api key % keeps what was said of it', OLD.id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER api_key_guard BEFORE UPDATE ON api_key FOR EACH ROW EXECUTE FUNCTION api_key_guard();

-- ---------------------------------------------------------------- addresses
-- CreateTable
CREATE TABLE "mall_address_range" (
    "mall_id" TEXT NOT NULL,
    "cidr" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "mall_address_range_pkey" PRIMARY KEY ("mall_id","cidr")
);

-- AddForeignKey
ALTER TABLE "mall_address_range" ADD CONSTRAINT "mall_address_range_mall_id_fkey" FOREIGN KEY ("mall_id") REFERENCES "mall"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The cast itself refuses what is no network, or has bits set behind its prefix.
ALTER TABLE "mall_address_range" ADD CONSTRAINT "mall_address_range_is_network" CHECK ("cidr"::cidr IS NOT NULL);

-- CreateTable
CREATE TABLE "mall_caller" (
    "mall_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "first_called_at" TIMESTAMPTZ(3) NOT NULL,
    "last_called_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mall_caller_pkey" PRIMARY KEY ("mall_id","address")
);

-- CreateIndex
CREATE INDEX "mall_caller_mall_id_last_called_at_idx" ON "mall_caller"("mall_id", "last_called_at" DESC);

-- AddForeignKey
ALTER TABLE "mall_caller" ADD CONSTRAINT "mall_caller_mall_id_fkey" FOREIGN KEY ("mall_id") REFERENCES "mall"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---------------------------------------------------------------- contracts
-- CreateTable
CREATE TABLE "mall_contract" (
    "id" TEXT NOT NULL,
    "mall_id" TEXT NOT NULL,
    "method" "payment_method" NOT NULL,
    "effective_from" DATE NOT NULL,
    "fee_rate_e5" INTEGER NOT NULL,
    "fee_rounding" "fee_rounding" NOT NULL,
    "is_fee_refundable" BOOLEAN NOT NULL,
    "cycle" "settlement_cycle" NOT NULL,
    "lag_business_days" INTEGER NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "mall_contract_pkey" PRIMARY KEY ("id")
);

-- A version holds until the next one of its mall and method begins. So versions can neither overlap nor leave a gap, as
-- long as no two of them begin on one day.
-- CreateIndex
CREATE UNIQUE INDEX "mall_contract_mall_id_method_effective_from_key" ON "mall_contract"("mall_id", "method", "effective_from");

-- AddForeignKey
ALTER TABLE "mall_contract" ADD CONSTRAINT "mall_contract_mall_id_fkey" FOREIGN KEY ("mall_id") REFERENCES "mall"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "mall_contract"
  ADD CONSTRAINT "mall_contract_fee_rate_range" CHECK ("fee_rate_e5" BETWEEN 0 AND 100000),
  ADD CONSTRAINT "mall_contract_lag_range" CHECK ("lag_business_days" BETWEEN 1 AND 10);

-- What was in force on a day that has begun stays so: a new version begins in the future, apart from the first one of a
-- method, before which nothing was agreed; only a version that has not begun can be taken back.
CREATE FUNCTION mall_contract_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  today date := (now() AT TIME ZONE 'Asia/Seoul')::date;
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.effective_from <= today THEN
      RAISE EXCEPTION 'contract % has begun', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
  END IF;
  -- Two first versions at once: the second waits here, and finds that it is not the first.
  PERFORM 1 FROM mall WHERE id = NEW.mall_id FOR NO KEY UPDATE;
  IF NEW.effective_from <= today
    AND EXISTS (SELECT 1 FROM mall_contract WHERE mall_id = NEW.mall_id AND method = NEW.method) THEN
    RAISE EXCEPTION 'contract % would change what was agreed for a day that has begun', NEW.id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mall_contract_guard BEFORE INSERT OR DELETE ON mall_contract FOR EACH ROW EXECUTE FUNCTION mall_contract_guard();
CREATE TRIGGER mall_contract_no_update BEFORE UPDATE ON mall_contract FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER mall_contract_no_truncate BEFORE TRUNCATE ON mall_contract FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- CreateEnum
CREATE TYPE "holiday_policy" AS ENUM ('HOLIDAY_BEFORE', 'HOLIDAY_AFTER', 'CALENDAR_DAY');

-- AlterTable
ALTER TABLE "mall_contract" ADD COLUMN     "holiday_policy" "holiday_policy" NOT NULL DEFAULT 'HOLIDAY_BEFORE',
ADD COLUMN     "payout_day_of_month" INTEGER NOT NULL DEFAULT 31,
ADD COLUMN     "payout_weekdays" INTEGER[] DEFAULT ARRAY[2, 4]::INTEGER[];

ALTER TABLE "mall_contract"
  ALTER COLUMN "payout_weekdays" SET NOT NULL,
  ADD CONSTRAINT "mall_contract_payout_weekdays" CHECK (cardinality("payout_weekdays") BETWEEN 1 AND 7 AND "payout_weekdays" <@ ARRAY[1, 2, 3, 4, 5, 6, 7]),
  ADD CONSTRAINT "mall_contract_payout_day_of_month" CHECK ("payout_day_of_month" BETWEEN 1 AND 31);

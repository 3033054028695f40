-- AlterTable
ALTER TABLE "van" ADD COLUMN     "stopped_at" TIMESTAMPTZ(3),
ADD COLUMN     "stopped_by" TEXT,
ADD COLUMN     "stopped_reason" TEXT;

-- Who stopped a VAN says why; a VAN that is not stopped has neither.
ALTER TABLE "van" ADD CONSTRAINT "van_stopped_whole"
  CHECK (num_nonnulls("stopped_at", "stopped_by", "stopped_reason") IN (0, 3) AND NOT ("is_enabled" AND "stopped_at" IS NOT NULL));

-- CreateTable
CREATE TABLE "van_circuit" (
    "process_id" TEXT NOT NULL,
    "van_code" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT,
    "next_probe_at" TIMESTAMPTZ(3),
    "is_reachable" BOOLEAN NOT NULL,
    "in_flight" INTEGER NOT NULL,
    "last_answer_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "van_circuit_pkey" PRIMARY KEY ("process_id","van_code")
);

ALTER TABLE "van_circuit" ADD CONSTRAINT "van_circuit_state_known" CHECK ("state" IN ('CLOSED', 'OPEN', 'HALF_OPEN'));

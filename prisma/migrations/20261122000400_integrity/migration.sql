-- CreateTable
CREATE TABLE "integrity_run" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "requested_by" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "alive_at" TIMESTAMPTZ(3),
    "taken" INTEGER NOT NULL DEFAULT 0,
    "stage" TEXT NOT NULL DEFAULT 'payments',
    "cursor" TEXT NOT NULL DEFAULT '',
    "finished_at" TIMESTAMPTZ(3),
    "error" TEXT,
    "payments_total" INTEGER,
    "payments_checked" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "integrity_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "integrity_check" (
    "run_id" BIGINT NOT NULL,
    "invariant" TEXT NOT NULL,
    "violations" INTEGER NOT NULL,
    "parked" INTEGER NOT NULL DEFAULT 0,
    "examined" INTEGER NOT NULL DEFAULT 0,
    "duration_ms" INTEGER NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "integrity_check_pkey" PRIMARY KEY ("run_id","invariant")
);

-- CreateTable
CREATE TABLE "integrity_finding" (
    "id" BIGSERIAL NOT NULL,
    "invariant" TEXT NOT NULL,
    "part" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "payment_id" TEXT,
    "expected" TEXT NOT NULL,
    "found" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "cleared_at" TIMESTAMPTZ(3),

    CONSTRAINT "integrity_finding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "integrity_mark" (
    "stream" TEXT NOT NULL,
    "position" BIGINT NOT NULL DEFAULT 0,
    "ahead" BIGINT NOT NULL DEFAULT 0,
    "ahead_at" TIMESTAMPTZ(3) NOT NULL,
    "remembered" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "integrity_mark_pkey" PRIMARY KEY ("stream")
);

-- CreateTable
CREATE TABLE "integrity_balance" (
    "account" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "amount_minor" BIGINT NOT NULL,

    CONSTRAINT "integrity_balance_pkey" PRIMARY KEY ("account","currency")
);

-- CreateTable
CREATE TABLE "incident" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "payment_id" TEXT,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_how" TEXT,
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by" TEXT,
    "note" TEXT,

    CONSTRAINT "incident_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "integrity_run_requested_at_idx" ON "integrity_run"("requested_at" DESC);

-- CreateIndex
CREATE INDEX "integrity_finding_invariant_id_idx" ON "integrity_finding"("invariant", "id" DESC);

-- CreateIndex
CREATE INDEX "incident_opened_at_id_idx" ON "incident"("opened_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "incident_payment_id_idx" ON "incident"("payment_id");

-- AddForeignKey
ALTER TABLE "integrity_check" ADD CONSTRAINT "integrity_check_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "integrity_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the Prisma schema cannot say.
ALTER TABLE integrity_run
  ADD CONSTRAINT integrity_run_kind CHECK (kind IN ('INCREMENTAL', 'FULL')),
  ADD CONSTRAINT integrity_run_stage CHECK (stage IN ('payments', 'ledger', 'audit', 'rest'));
ALTER TABLE incident
  ADD CONSTRAINT incident_severity CHECK (severity IN ('page', 'ticket')),
  ADD CONSTRAINT incident_closed CHECK ((closed_at IS NULL) = (closed_how IS NULL)),
  ADD CONSTRAINT incident_acknowledged CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL) AND (acknowledged_at IS NULL) = (note IS NULL));
-- The few that have not ended: asked for, running, or left by a worker that died.
CREATE INDEX integrity_run_open ON integrity_run (id) WHERE finished_at IS NULL;
CREATE INDEX integrity_run_full ON integrity_run (finished_at DESC) WHERE kind = 'FULL' AND error IS NULL;
CREATE UNIQUE INDEX integrity_finding_one_open ON integrity_finding (invariant, part, subject_id) WHERE cleared_at IS NULL;
CREATE UNIQUE INDEX incident_one_open ON incident (kind, subject_id) WHERE closed_at IS NULL;
-- The few orphans that are still to be reversed.
CREATE INDEX van_orphan_open ON van_orphan (found_at) WHERE state = 'OPEN';

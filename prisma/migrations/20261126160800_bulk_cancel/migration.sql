-- CreateTable
CREATE TABLE "bulk_cancel_run" (
    "id" TEXT NOT NULL,
    "request_key" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "paused_because" TEXT,
    "reason" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "ip_address" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "alive_at" TIMESTAMPTZ(3),
    "generation" INTEGER NOT NULL DEFAULT 1,
    "rows_given" INTEGER NOT NULL,
    "rows_planned" INTEGER NOT NULL,
    "planned_minor" BIGINT NOT NULL,
    "rows_done" INTEGER NOT NULL DEFAULT 0,
    "done_minor" BIGINT NOT NULL DEFAULT 0,
    "rows_refused" INTEGER NOT NULL DEFAULT 0,
    "rows_unknown" INTEGER NOT NULL DEFAULT 0,
    "trouble_streak" INTEGER NOT NULL DEFAULT 0,
    "trace_id" TEXT NOT NULL,

    CONSTRAINT "bulk_cancel_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_cancel_row" (
    "run_id" TEXT NOT NULL,
    "row_no" INTEGER NOT NULL,
    "given" TEXT NOT NULL,
    "payment_id" TEXT,
    "mall_id" TEXT,
    "state" TEXT NOT NULL,
    "amount_minor" BIGINT,
    "tax_free_minor" BIGINT,
    "seen_balance_minor" BIGINT,
    "taken" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "cancel_id" TEXT,
    "refusal_code" TEXT,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "bulk_cancel_row_pkey" PRIMARY KEY ("run_id","row_no")
);

-- CreateIndex
CREATE UNIQUE INDEX "bulk_cancel_run_request_key_key" ON "bulk_cancel_run"("request_key");

-- CreateIndex
CREATE INDEX "bulk_cancel_run_requested_at_id_idx" ON "bulk_cancel_run"("requested_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "bulk_cancel_row" ADD CONSTRAINT "bulk_cancel_row_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "bulk_cancel_run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the Prisma schema cannot say.
ALTER TABLE bulk_cancel_run
  ADD CONSTRAINT bulk_cancel_run_state CHECK (state IN ('RUNNING', 'PAUSED', 'STOPPED', 'FINISHED')),
  ADD CONSTRAINT bulk_cancel_run_ended CHECK ((state IN ('STOPPED', 'FINISHED')) = (finished_at IS NOT NULL));
ALTER TABLE bulk_cancel_row
  ADD CONSTRAINT bulk_cancel_row_state CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'REFUSED', 'UNKNOWN', 'LEFT_OUT')),
  ADD CONSTRAINT bulk_cancel_row_planned CHECK (state = 'LEFT_OUT' OR (payment_id IS NOT NULL AND mall_id IS NOT NULL
    AND amount_minor > 0 AND tax_free_minor >= 0 AND seen_balance_minor >= amount_minor)),
  ADD CONSTRAINT bulk_cancel_row_cancel CHECK (state NOT IN ('DONE', 'UNKNOWN') OR cancel_id IS NOT NULL),
  ADD CONSTRAINT bulk_cancel_row_refusal CHECK ((state IN ('REFUSED', 'LEFT_OUT')) = (refusal_code IS NOT NULL));
-- A payment is cancelled at most once by a run, whatever it was named by.
CREATE UNIQUE INDEX bulk_cancel_row_one_payment ON bulk_cancel_row (run_id, payment_id) WHERE state <> 'LEFT_OUT';
-- What is still to be done, and what is still being found out.
CREATE INDEX bulk_cancel_row_open ON bulk_cancel_row (run_id, row_no) WHERE state IN ('WAITING', 'RUNNING');
CREATE INDEX bulk_cancel_row_unknown ON bulk_cancel_row (run_id, row_no) WHERE state = 'UNKNOWN';

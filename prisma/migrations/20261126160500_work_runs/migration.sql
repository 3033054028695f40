-- CreateTable
CREATE TABLE "work_run" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "selection" JSONB NOT NULL,
    "matching_count" INTEGER NOT NULL,
    "item_count" INTEGER NOT NULL,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "previewed_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "started_by" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "ip_address" TEXT,
    "trace_id" TEXT NOT NULL,
    "items_per_second" INTEGER,
    "failures_to_pause" INTEGER,
    "resumed_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "paused_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    "taken" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "next_batch_at" TIMESTAMPTZ(3),

    CONSTRAINT "work_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "work_run_item" (
    "run_id" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "subject_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'FROZEN',
    "preview_outcome" TEXT,
    "preview_why" TEXT,
    "preview_detail" JSONB,
    "result" TEXT,
    "error" TEXT,
    "worked_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "work_run_item_pkey" PRIMARY KEY ("run_id","place")
);

-- CreateIndex
CREATE INDEX "work_run_kind_created_at_id_idx" ON "work_run"("kind", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "work_run_item_run_id_state_place_idx" ON "work_run_item"("run_id", "state", "place");

-- CreateIndex
CREATE UNIQUE INDEX "work_run_item_run_id_subject_id_key" ON "work_run_item"("run_id", "subject_id");

-- AddForeignKey
ALTER TABLE "work_run_item" ADD CONSTRAINT "work_run_item_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "work_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the Prisma schema cannot say.
ALTER TABLE work_run
  ADD CONSTRAINT work_run_status CHECK (status IN ('PREVIEWING', 'READY', 'RUNNING', 'PAUSED', 'FINISHED', 'STOPPED', 'DISCARDED')),
  -- Nothing is sent without a person, a reason and a rate.
  ADD CONSTRAINT work_run_started CHECK (status NOT IN ('RUNNING', 'PAUSED', 'FINISHED', 'STOPPED')
    OR (char_length(reason) BETWEEN 1 AND 200 AND started_by IS NOT NULL AND started_at IS NOT NULL AND items_per_second BETWEEN 1 AND 50));
ALTER TABLE work_run_item
  ADD CONSTRAINT work_run_item_state CHECK (state IN ('FROZEN', 'WAITING', 'LEFT_OUT', 'SENT', 'RESOLVED', 'FAILED', 'CLOSED', 'SKIPPED', 'STOPPED'));
-- The end of a job finds the item that waits for it.
CREATE INDEX work_run_item_sent ON work_run_item (subject_id) WHERE state = 'SENT';
-- How the last ones ended: failures in a row.
CREATE INDEX work_run_item_settled ON work_run_item (run_id, settled_at DESC) WHERE settled_at IS NOT NULL;
-- What the preview has not looked at yet.
CREATE INDEX work_run_item_unseen ON work_run_item (run_id, place) WHERE preview_outcome IS NULL;
-- Previews that nobody started.
CREATE INDEX work_run_unstarted ON work_run (created_at) WHERE started_at IS NULL;

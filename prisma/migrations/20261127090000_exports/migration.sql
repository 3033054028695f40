-- CreateTable
CREATE TABLE "export" (
    "id" TEXT NOT NULL,
    "request_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "source" JSONB NOT NULL,
    "columns" TEXT[],
    "is_masked" BOOLEAN NOT NULL,
    "purpose" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "seen_count" INTEGER,
    "requested_by" TEXT NOT NULL,
    "ip_address" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "trace_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "failure" TEXT,
    "taken" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "frozen_at" TIMESTAMPTZ(3),
    "rows_total" INTEGER,
    "rows_read" INTEGER NOT NULL DEFAULT 0,
    "rows_written" INTEGER NOT NULL DEFAULT 0,
    "sums" JSONB NOT NULL DEFAULT '{}',
    "stored_name" TEXT,
    "byte_count" BIGINT,
    "sha256" BYTEA,
    "finished_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "downloads" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "export_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "export_part" (
    "export_id" TEXT NOT NULL,
    "part_no" INTEGER NOT NULL,
    "row_count" INTEGER NOT NULL,
    "rows_name" TEXT NOT NULL,

    CONSTRAINT "export_part_pkey" PRIMARY KEY ("export_id","part_no")
);

-- CreateIndex
CREATE UNIQUE INDEX "export_request_key_key" ON "export"("request_key");

-- CreateIndex
CREATE INDEX "export_requested_by_requested_at_id_idx" ON "export"("requested_by", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "export_requested_at_id_idx" ON "export"("requested_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "export_part" ADD CONSTRAINT "export_part_export_id_fkey" FOREIGN KEY ("export_id") REFERENCES "export"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the Prisma schema cannot say.
ALTER TABLE export
  ADD CONSTRAINT export_state CHECK (state IN ('WAITING', 'READING', 'WRITING', 'DONE', 'EXPIRED', 'CANCELED', 'FAILED')),
  ADD CONSTRAINT export_format CHECK (format IN ('XLSX', 'CSV')),
  ADD CONSTRAINT export_language CHECK (language IN ('ko', 'en')),
  ADD CONSTRAINT export_failure CHECK ((state = 'FAILED') = (failure IS NOT NULL)),
  ADD CONSTRAINT export_reason CHECK (char_length(reason) >= 10),
  ADD CONSTRAINT export_ended CHECK ((state IN ('DONE', 'EXPIRED', 'CANCELED', 'FAILED')) = (finished_at IS NOT NULL)),
  ADD CONSTRAINT export_frozen CHECK (state <> 'WRITING' OR (frozen_at IS NOT NULL AND rows_read = rows_total)),
  -- A file is whole: every row that was counted is in it, and its sum is known.
  ADD CONSTRAINT export_done CHECK (state NOT IN ('DONE', 'EXPIRED') OR (rows_read = rows_total AND rows_written = rows_total
    AND stored_name IS NOT NULL AND byte_count IS NOT NULL AND octet_length(sha256) = 32 AND expires_at IS NOT NULL));
-- What is under way, and what is still to be deleted.
CREATE INDEX export_open ON export (requested_by) WHERE state IN ('WAITING', 'READING', 'WRITING');
CREATE INDEX export_on_disk ON export (id) WHERE state NOT IN ('WAITING', 'READING', 'WRITING') AND deleted_at IS NULL;

-- AlterTable
ALTER TABLE "dead_letter" ADD COLUMN     "aside_until" TIMESTAMPTZ(3),
ADD COLUMN     "assignee_id" TEXT;

-- CreateTable
CREATE TABLE "dead_letter_note" (
    "id" BIGSERIAL NOT NULL,
    "letter_id" TEXT NOT NULL,
    "operator_id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dead_letter_note_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "dead_letter_note_letter_id_id_idx" ON "dead_letter_note"("letter_id", "id");

-- CreateIndex
CREATE INDEX "dead_letter_parked_at_id_idx" ON "dead_letter"("parked_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "dead_letter_note" ADD CONSTRAINT "dead_letter_note_letter_id_fkey" FOREIGN KEY ("letter_id") REFERENCES "dead_letter"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the Prisma schema cannot say.
ALTER TABLE dead_letter_note ADD CONSTRAINT dead_letter_note_length CHECK (char_length(text) BETWEEN 1 AND 1000);
CREATE TRIGGER dead_letter_note_append_only BEFORE UPDATE OR DELETE ON dead_letter_note
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- The list by urgency: what can still be saved, the nearest deadline first, then all others, the newest first.
CREATE INDEX dead_letter_deadline ON dead_letter (deadline_at, parked_at DESC, id DESC) WHERE status = 'PARKED' AND deadline_at IS NOT NULL;
CREATE INDEX dead_letter_trace ON dead_letter (trace_id) WHERE trace_id IS NOT NULL;

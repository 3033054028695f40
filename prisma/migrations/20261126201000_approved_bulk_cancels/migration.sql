-- AlterTable
ALTER TABLE "bulk_cancel_run" ADD COLUMN     "approved_by" TEXT,
ADD COLUMN     "change_request_id" TEXT;

-- AlterTable
ALTER TABLE "payment_cancel" ADD COLUMN     "change_request_id" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "bulk_cancel_run_change_request_id_key" ON "bulk_cancel_run"("change_request_id");

-- What the Prisma schema cannot say.
ALTER TABLE bulk_cancel_run
  DROP CONSTRAINT bulk_cancel_run_state,
  ADD CONSTRAINT bulk_cancel_run_state CHECK (state IN ('PROPOSED', 'RUNNING', 'PAUSED', 'STOPPED', 'FINISHED')),
  -- What waits for a second person has not begun without one, and that one is not who asked.
  ADD CONSTRAINT bulk_cancel_run_approved CHECK (
    (state <> 'PROPOSED' OR change_request_id IS NOT NULL)
    AND (change_request_id IS NULL OR (state = 'PROPOSED') = (approved_by IS NULL))
    AND approved_by IS DISTINCT FROM requested_by);
-- Cancels of requests that were approved before cancels said so.
UPDATE payment_cancel c SET change_request_id = r.id FROM change_request r WHERE r.kind = 'CANCEL' AND r.execution_id = c.id;

-- The rows that somebody was asked to approve are the rows that are cancelled.
CREATE FUNCTION bulk_cancel_row_guard_proposed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.payment_id, NEW.mall_id, NEW.amount_minor, NEW.tax_free_minor, NEW.seen_balance_minor)
    IS DISTINCT FROM (OLD.payment_id, OLD.mall_id, OLD.amount_minor, OLD.tax_free_minor, OLD.seen_balance_minor) THEN
    RAISE EXCEPTION 'row % of bulk cancel % keeps its payment and amounts', OLD.row_no, OLD.run_id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bulk_cancel_row_frozen BEFORE UPDATE OF payment_id, mall_id, amount_minor, tax_free_minor, seen_balance_minor ON bulk_cancel_row
  FOR EACH ROW EXECUTE FUNCTION bulk_cancel_row_guard_proposed();

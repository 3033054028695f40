-- CreateIndex
CREATE INDEX "payment_cancel_completed_at_idx" ON "payment_cancel"("completed_at");

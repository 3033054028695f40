-- A start that is sent twice begins one run. Those of before were each started by a request that nobody can repeat.
ALTER TABLE "webhook_resend" ADD COLUMN     "request_key" TEXT;
UPDATE "webhook_resend" SET "request_key" = "id";
ALTER TABLE "webhook_resend" ALTER COLUMN "request_key" SET NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "webhook_resend_request_key_key" ON "webhook_resend"("request_key");

-- What a person paused, only a person resumes.
ALTER TABLE "webhook_endpoint" ADD COLUMN "paused_by" TEXT,
ADD COLUMN "paused_at" TIMESTAMPTZ(3);

-- The log of deliveries: filtered by type without a join, and what was sent again waits like something new.
ALTER TABLE "webhook_delivery" ADD COLUMN "event_type" TEXT,
ADD COLUMN "resent_at" TIMESTAMPTZ(3),
ADD COLUMN "attempts_at_resend" INTEGER NOT NULL DEFAULT 0;

UPDATE "webhook_delivery" d SET "event_type" = e."type" FROM "event" e WHERE e."id" = d."event_id";
ALTER TABLE "webhook_delivery" ALTER COLUMN "event_type" SET NOT NULL;

-- A delivery that does not say its type has that of its event; it never has another one.
CREATE FUNCTION webhook_delivery_type() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT type INTO NEW.event_type FROM event WHERE id = NEW.event_id;
  RETURN NEW;
END $$;
CREATE TRIGGER webhook_delivery_type BEFORE INSERT ON "webhook_delivery"
  FOR EACH ROW WHEN (NEW.event_type IS NULL) EXECUTE FUNCTION webhook_delivery_type();

CREATE INDEX "webhook_delivery_created_at_id_idx" ON "webhook_delivery"("created_at" DESC, "id" DESC);
CREATE INDEX "webhook_delivery_endpoint_id_created_at_id_idx" ON "webhook_delivery"("endpoint_id", "created_at" DESC, "id" DESC);
CREATE INDEX "webhook_delivery_event_type_created_at_id_idx" ON "webhook_delivery"("event_type", "created_at" DESC, "id" DESC);
-- What is not delivered is little beside what is.
CREATE INDEX webhook_delivery_undelivered ON webhook_delivery (status, created_at DESC, id DESC) WHERE status <> 'DELIVERED';
-- Part of a payment key finds its deliveries.
CREATE INDEX webhook_delivery_subject_search ON webhook_delivery USING gin (subject_id gin_trgm_ops);

CREATE TABLE "webhook_resend" (
    "id" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'RUNNING',
    "selection" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "started_by" TEXT NOT NULL,
    "stopped_by" TEXT,
    "total" INTEGER NOT NULL,
    "place" INTEGER NOT NULL DEFAULT 0,
    "resent" INTEGER NOT NULL DEFAULT 0,
    "hastened" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "trace_id" TEXT,

    CONSTRAINT "webhook_resend_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "webhook_resend_item" (
    "resend_id" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "delivery_id" TEXT NOT NULL,
    "result" TEXT,

    CONSTRAINT "webhook_resend_item_pkey" PRIMARY KEY ("resend_id","place")
);

CREATE INDEX "webhook_resend_created_at_id_idx" ON "webhook_resend"("created_at" DESC, "id" DESC);
CREATE INDEX "webhook_resend_item_delivery_id_idx" ON "webhook_resend_item"("delivery_id");
ALTER TABLE "webhook_resend_item" ADD CONSTRAINT "webhook_resend_item_resend_id_fkey" FOREIGN KEY ("resend_id") REFERENCES "webhook_resend"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "webhook_resend_item" ADD CONSTRAINT "webhook_resend_item_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "webhook_delivery"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The counts of a resend are those of its items, and one that ended has an end.
ALTER TABLE "webhook_resend" ADD CONSTRAINT "webhook_resend_status_known" CHECK ("status" IN ('RUNNING', 'STOPPED', 'DONE')),
ADD CONSTRAINT "webhook_resend_adds_up" CHECK ("place" <= "total" AND "resent" + "hastened" + "skipped" = "place"),
ADD CONSTRAINT "webhook_resend_ended" CHECK (("status" = 'RUNNING') = ("finished_at" IS NULL));
ALTER TABLE "webhook_resend_item" ADD CONSTRAINT "webhook_resend_item_result_known" CHECK ("result" IN ('RESENT', 'HASTENED', 'PAUSED', 'DELETED'));

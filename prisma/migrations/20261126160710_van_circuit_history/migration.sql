-- CreateTable
CREATE TABLE "van_circuit_change" (
    "id" BIGSERIAL NOT NULL,
    "van_code" TEXT NOT NULL,
    "process_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "from_state" TEXT NOT NULL,
    "to_state" TEXT NOT NULL,
    "reason" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "van_circuit_change_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "van_circuit_change_at_id_idx" ON "van_circuit_change"("at" DESC, "id" DESC);

ALTER TABLE "van_circuit_change" ADD CONSTRAINT "van_circuit_change_states_known"
  CHECK ("from_state" IN ('CLOSED', 'OPEN', 'HALF_OPEN') AND "to_state" IN ('CLOSED', 'OPEN', 'HALF_OPEN'));

CREATE TRIGGER van_circuit_change_append_only BEFORE UPDATE OR DELETE ON van_circuit_change FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER van_circuit_change_no_truncate BEFORE TRUNCATE ON van_circuit_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

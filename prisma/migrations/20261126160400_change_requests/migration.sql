-- CreateEnum
CREATE TYPE "change_status" AS ENUM ('PENDING', 'APPROVED', 'RUNNING', 'DONE', 'REFUSED', 'REJECTED', 'EXPIRED', 'WITHDRAWN');

-- CreateTable
CREATE TABLE "change_request" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" "change_status" NOT NULL DEFAULT 'PENDING',
    "version" INTEGER NOT NULL DEFAULT 1,
    "payload" JSONB NOT NULL,
    "subject_id" TEXT NOT NULL,
    "subject_name" TEXT NOT NULL,
    "amount_minor" BIGINT,
    "reason" TEXT NOT NULL,
    "maker_id" TEXT NOT NULL,
    "maker_role" "operator_role" NOT NULL,
    "measured" BIGINT NOT NULL,
    "limit_max" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "edited_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "decision_note" TEXT,
    "execution_id" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "refusal_code" TEXT,
    "result" JSONB,
    "trace_id" TEXT NOT NULL,

    CONSTRAINT "change_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change_request_event" (
    "id" BIGSERIAL NOT NULL,
    "request_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "note" TEXT,
    "payload" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "change_request_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "approval_limit" (
    "kind" TEXT NOT NULL,
    "role" "operator_role" NOT NULL,
    "limit_max" BIGINT,
    "updated_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "approval_limit_pkey" PRIMARY KEY ("kind","role")
);

-- CreateIndex
CREATE UNIQUE INDEX "change_request_execution_id_key" ON "change_request"("execution_id");

-- CreateIndex
CREATE INDEX "change_request_maker_id_id_idx" ON "change_request"("maker_id", "id" DESC);

-- CreateIndex
CREATE INDEX "change_request_subject_id_idx" ON "change_request"("subject_id");

-- CreateIndex
CREATE INDEX "change_request_event_request_id_id_idx" ON "change_request_event"("request_id", "id");

-- AddForeignKey
ALTER TABLE "change_request_event" ADD CONSTRAINT "change_request_event_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "change_request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the Prisma schema cannot say.
ALTER TABLE approval_limit ADD CONSTRAINT approval_limit_not_negative CHECK (limit_max >= 0);
ALTER TABLE change_request
  -- Four eyes: whoever made it is not the one who decides.
  ADD CONSTRAINT change_request_checker_is_not_maker CHECK (decided_by <> maker_id),
  ADD CONSTRAINT change_request_decided CHECK (
    (status IN ('APPROVED', 'RUNNING', 'DONE', 'REFUSED', 'REJECTED')) = (decided_by IS NOT NULL)
    AND (decided_by IS NULL) = (decided_at IS NULL)),
  ADD CONSTRAINT change_request_begun CHECK (
    (status IN ('RUNNING', 'DONE', 'REFUSED')) = (execution_id IS NOT NULL) AND (execution_id IS NULL) = (started_at IS NULL)),
  ADD CONSTRAINT change_request_ended CHECK (
    (status IN ('PENDING', 'APPROVED', 'RUNNING')) = (finished_at IS NULL)
    AND (status = 'REFUSED') = (refusal_code IS NOT NULL)),
  ADD CONSTRAINT change_request_amount_positive CHECK (amount_minor > 0 AND measured >= 0),
  ADD CONSTRAINT change_request_reason_length CHECK (char_length(reason) BETWEEN 1 AND 200);
-- One open request for a subject: a second click, or a second person, finds the first.
CREATE UNIQUE INDEX change_request_one_open ON change_request (kind, subject_id) WHERE status IN ('PENDING', 'APPROVED', 'RUNNING');
CREATE INDEX change_request_pending ON change_request (expires_at, id) WHERE status = 'PENDING';
CREATE INDEX change_request_closed ON change_request (id DESC) WHERE status <> 'PENDING';

CREATE FUNCTION change_request_guard_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> 'PENDING' OR NEW.version <> 1 THEN
    RAISE EXCEPTION 'change request % must begin as a first version that nobody has decided', NEW.id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER change_request_begin BEFORE INSERT ON change_request
  FOR EACH ROW EXECUTE FUNCTION change_request_guard_begin();

-- The order of things, by this clock: nothing is decided after its time, an edit takes back what was decided before, and
-- what an execution has begun with stays as it is.
CREATE FUNCTION change_request_guard_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.kind, NEW.subject_id, NEW.maker_id, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.kind, OLD.subject_id, OLD.maker_id, OLD.created_at) THEN
    RAISE EXCEPTION 'change request % keeps its kind, subject and maker', OLD.id USING ERRCODE = '23514';
  END IF;
  IF (NEW.payload, NEW.amount_minor, NEW.reason, NEW.expires_at, NEW.version) IS DISTINCT FROM (OLD.payload, OLD.amount_minor, OLD.reason, OLD.expires_at, OLD.version) THEN
    IF OLD.status NOT IN ('PENDING', 'APPROVED') OR NEW.status <> 'PENDING' OR NEW.version <> OLD.version + 1 THEN
      RAISE EXCEPTION 'change request % may be edited only as its next version, undecided, before it begins', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status <> NEW.status AND (OLD.status::text, NEW.status::text) NOT IN (
    ('PENDING', 'APPROVED'), ('PENDING', 'REJECTED'), ('PENDING', 'EXPIRED'), ('PENDING', 'WITHDRAWN'),
    ('APPROVED', 'RUNNING'), ('RUNNING', 'DONE'), ('RUNNING', 'REFUSED'))
  THEN
    RAISE EXCEPTION 'change request % may not move from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = '23514';
  END IF;
  IF OLD.status = 'PENDING' AND NEW.status IN ('APPROVED', 'REJECTED') AND clock_timestamp() >= OLD.expires_at THEN
    RAISE EXCEPTION 'change request % has expired', OLD.id USING ERRCODE = '23514';
  END IF;
  IF OLD.status = 'PENDING' AND NEW.status = 'EXPIRED' AND clock_timestamp() < OLD.expires_at THEN
    RAISE EXCEPTION 'change request % has not expired', OLD.id USING ERRCODE = '23514';
  END IF;
  IF OLD.decided_by IS NOT NULL AND (NEW.decided_by, NEW.decided_at, NEW.decision_note) IS DISTINCT FROM (OLD.decided_by, OLD.decided_at, OLD.decision_note) THEN
    RAISE EXCEPTION 'change request % was decided', OLD.id USING ERRCODE = '23514';
  END IF;
  IF OLD.execution_id IS NOT NULL AND NEW.execution_id IS DISTINCT FROM OLD.execution_id THEN
    RAISE EXCEPTION 'change request % is carried out once', OLD.id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER change_request_change BEFORE UPDATE ON change_request
  FOR EACH ROW EXECUTE FUNCTION change_request_guard_change();
CREATE TRIGGER change_request_no_delete BEFORE DELETE ON change_request FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER change_request_event_append_only BEFORE UPDATE OR DELETE ON change_request_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER change_request_event_no_truncate BEFORE TRUNCATE ON change_request_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

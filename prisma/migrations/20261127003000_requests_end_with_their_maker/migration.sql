-- An approval that nobody has begun may be taken back, by its maker or with them; who gave it stays on the request.
ALTER TABLE change_request
  DROP CONSTRAINT change_request_decided,
  ADD CONSTRAINT change_request_decided CHECK (
    CASE
      WHEN status IN ('APPROVED', 'RUNNING', 'DONE', 'REFUSED', 'REJECTED') THEN decided_by IS NOT NULL
      WHEN status IN ('PENDING', 'EXPIRED') THEN decided_by IS NULL
      ELSE true
    END
    AND (decided_by IS NULL) = (decided_at IS NULL));

CREATE OR REPLACE FUNCTION change_request_guard_change() RETURNS trigger LANGUAGE plpgsql AS $$
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
    ('APPROVED', 'RUNNING'), ('APPROVED', 'WITHDRAWN'), ('RUNNING', 'DONE'), ('RUNNING', 'REFUSED'))
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

-- What ends with its maker.
CREATE INDEX change_request_open_of_maker ON change_request (maker_id) WHERE status IN ('PENDING', 'APPROVED');

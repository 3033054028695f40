-- What the Prisma schema cannot say. Each guard here is the last one to agree, after the code (reliability D1, D2).

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- ---------------------------------------------------------------- payment
ALTER TABLE payment
  ADD CONSTRAINT payment_order_id_shape CHECK (order_id ~ '^[A-Za-z0-9_-]{6,64}$'),
  ADD CONSTRAINT payment_amount_range CHECK (amount_minor BETWEEN 1 AND 9999999999),
  ADD CONSTRAINT payment_tax_free_range CHECK (tax_free_minor BETWEEN 0 AND amount_minor),
  ADD CONSTRAINT payment_vat_range CHECK (vat_minor BETWEEN 0 AND amount_minor - tax_free_minor),
  -- I5: nothing is given back twice, and an open cancel has its share set aside.
  ADD CONSTRAINT payment_refund_range CHECK (canceled_minor >= 0 AND reserved_minor >= 0 AND canceled_minor + reserved_minor <= amount_minor),
  ADD CONSTRAINT payment_refund_tax_free_range CHECK (canceled_tax_free_minor >= 0 AND reserved_tax_free_minor >= 0 AND canceled_tax_free_minor + reserved_tax_free_minor <= tax_free_minor),
  ADD CONSTRAINT payment_status_amounts CHECK (
    (status <> 'PARTIAL_CANCELED' OR (canceled_minor > 0 AND canceled_minor < amount_minor))
    AND (status <> 'CANCELED' OR canceled_minor = amount_minor)),
  ADD CONSTRAINT payment_card_digits CHECK (card_bin ~ '^[0-9]{6}$' AND card_last4 ~ '^[0-9]{4}$');

-- IDM-7: at most one live payment per order, however many keys, processes or lost Redis locks.
CREATE UNIQUE INDEX payment_one_live_per_order ON payment (mall_id, order_id)
  WHERE status NOT IN ('ABORTED', 'EXPIRED', 'NET_CANCELED');
CREATE INDEX payment_sweep ON payment (lease_until) WHERE status IN ('IN_PROGRESS', 'UNKNOWN', 'CANCEL_PENDING');
CREATE INDEX payment_search ON payment USING gin (order_id gin_trgm_ops, order_name gin_trgm_ops);

CREATE FUNCTION payment_guard_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.status::text, NEW.status::text) NOT IN (
    ('READY', 'IN_PROGRESS'), ('READY', 'EXPIRED'),
    ('IN_PROGRESS', 'DONE'), ('IN_PROGRESS', 'ABORTED'), ('IN_PROGRESS', 'UNKNOWN'),
    ('UNKNOWN', 'NET_CANCELED'),
    ('DONE', 'CANCEL_PENDING'), ('DONE', 'PARTIAL_CANCELED'), ('DONE', 'CANCELED'), ('DONE', 'NET_CANCELED'),
    ('CANCEL_PENDING', 'DONE'), ('CANCEL_PENDING', 'PARTIAL_CANCELED'), ('CANCEL_PENDING', 'CANCELED'),
    ('PARTIAL_CANCELED', 'CANCEL_PENDING'), ('PARTIAL_CANCELED', 'PARTIAL_CANCELED'), ('PARTIAL_CANCELED', 'CANCELED'))
  THEN
    RAISE EXCEPTION 'payment % may not move from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = '23514';
  END IF;
  IF NEW.version <> OLD.version + 1 THEN
    RAISE EXCEPTION 'payment % changed status without its next version', OLD.id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payment_transition BEFORE UPDATE ON payment
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION payment_guard_transition();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;

CREATE FUNCTION payment_guard_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'payment % keeps its mall, order, amount and trace number', OLD.id USING ERRCODE = '23514';
END $$;
CREATE TRIGGER payment_identity BEFORE UPDATE OF id, mall_id, order_id, amount_minor, tax_free_minor, vat_minor, currency, trace_no, requested_at ON payment
  FOR EACH ROW EXECUTE FUNCTION payment_guard_identity();

-- ---------------------------------------------------------------- cancels
ALTER TABLE payment_cancel
  ADD CONSTRAINT payment_cancel_amount_positive CHECK (amount_minor > 0 AND tax_free_minor BETWEEN 0 AND amount_minor AND vat_minor BETWEEN 0 AND amount_minor - tax_free_minor),
  ADD CONSTRAINT payment_cancel_reason_length CHECK (char_length(reason) BETWEEN 1 AND 200);
-- CX-4: one open cancel at a time.
CREATE UNIQUE INDEX payment_cancel_one_open ON payment_cancel (payment_id) WHERE status IN ('REQUESTED', 'UNKNOWN');
CREATE INDEX payment_cancel_sweep ON payment_cancel (lease_until) WHERE status IN ('REQUESTED', 'UNKNOWN');

CREATE FUNCTION payment_cancel_guard_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.status::text, NEW.status::text) NOT IN (
    ('REQUESTED', 'SUCCEEDED'), ('REQUESTED', 'FAILED'), ('REQUESTED', 'UNKNOWN'),
    ('UNKNOWN', 'SUCCEEDED'), ('UNKNOWN', 'FAILED'))
  THEN
    RAISE EXCEPTION 'cancel % may not move from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payment_cancel_transition BEFORE UPDATE ON payment_cancel
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION payment_cancel_guard_transition();
CREATE TRIGGER payment_cancel_identity BEFORE UPDATE OF id, payment_id, amount_minor, tax_free_minor, vat_minor, trace_no ON payment_cancel
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- append-only tables
CREATE TRIGGER payment_event_append_only BEFORE UPDATE OR DELETE ON payment_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_event_no_truncate BEFORE TRUNCATE ON payment_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER van_exchange_append_only BEFORE UPDATE OR DELETE ON van_exchange FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER van_exchange_no_truncate BEFORE TRUNCATE ON van_exchange FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER webhook_attempt_append_only BEFORE UPDATE OR DELETE ON webhook_attempt FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER webhook_attempt_no_truncate BEFORE TRUNCATE ON webhook_attempt FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An event says what happened for ever; only its place in the sequence is given later, once.
CREATE FUNCTION event_guard_sequence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.sequence IS NULL AND NEW.sequence IS NOT NULL
     AND (NEW.id, NEW.type, NEW.mall_id, NEW.subject_id, NEW.data, NEW.occurred_at)
       = (OLD.id, OLD.type, OLD.mall_id, OLD.subject_id, OLD.data, OLD.occurred_at)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'event is append-only' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER event_sequence_once BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION event_guard_sequence();
CREATE TRIGGER event_no_delete BEFORE DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE INDEX event_unsequenced ON event (id) WHERE sequence IS NULL;

-- ---------------------------------------------------------------- ledger
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_amount_not_zero CHECK (amount_minor <> 0);
CREATE FUNCTION ledger_guard_zero_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_entry WHERE event_key = NEW.event_key GROUP BY currency HAVING sum(amount_minor) <> 0) THEN
    RAISE EXCEPTION 'ledger event % does not sum to zero', NEW.event_key USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_zero_sum AFTER INSERT ON ledger_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_guard_zero_sum();

-- ---------------------------------------------------------------- outbox, dead letters
CREATE INDEX outbox_message_due ON outbox_message (available_at) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE UNIQUE INDEX dead_letter_one_parked ON dead_letter (job_key) WHERE status = 'PARKED';
CREATE INDEX webhook_delivery_open ON webhook_delivery (endpoint_id, subject_id, sequence) WHERE status = 'PENDING';

-- ---------------------------------------------------------------- VANs, orphans
ALTER TABLE van_orphan
  ADD CONSTRAINT van_orphan_state CHECK (state IN ('OPEN', 'REVERSED', 'MANUAL')),
  ADD CONSTRAINT van_orphan_source CHECK (source IN ('late_response', 'inquiry', 'van_file'));
ALTER TABLE mall_van_route ADD CONSTRAINT mall_van_route_weight CHECK (weight BETWEEN 0 AND 100);

-- ---------------------------------------------------------------- audit chain
-- Appends one row whose hash covers the row before it; one writer at a time, so the chain has no forks.
CREATE FUNCTION audit_append(
  p_actor_type text, p_actor_id text, p_action text, p_target_type text, p_target_id text,
  p_outcome text, p_ip_address text, p_detail jsonb
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  s bigint; ph bytea; t timestamptz; h bytea;
BEGIN
  PERFORM pg_advisory_xact_lock(7001);
  t := clock_timestamp();
  SELECT seq, hash INTO s, ph FROM audit_log ORDER BY seq DESC LIMIT 1;
  s := coalesce(s, 0) + 1;
  ph := coalesce(ph, '\x00'::bytea);
  h := audit_hash(ph, s, t, p_actor_type, p_actor_id, p_action, p_target_type, p_target_id, p_outcome, p_ip_address, p_detail);
  INSERT INTO audit_log (seq, at, actor_type, actor_id, action, target_type, target_id, outcome, ip_address, detail, prev_hash, hash)
    VALUES (s, t, p_actor_type, p_actor_id, p_action, p_target_type, p_target_id, p_outcome, p_ip_address, p_detail, ph, h);
  RETURN s;
END $$;

CREATE FUNCTION audit_hash(
  p_prev bytea, p_seq bigint, p_at timestamptz, p_actor_type text, p_actor_id text, p_action text,
  p_target_type text, p_target_id text, p_outcome text, p_ip_address text, p_detail jsonb
) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(p_prev || convert_to(jsonb_build_array(
    p_seq, extract(epoch FROM p_at), p_actor_type, p_actor_id, p_action, p_target_type, p_target_id, p_outcome, p_ip_address, p_detail)::text, 'UTF8'))
$$;

-- The first sequence number at which the chain breaks, or null.
CREATE FUNCTION audit_verify() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT min(seq) FROM (
    SELECT seq, hash, prev_hash,
      lag(hash, 1, '\x00'::bytea) OVER w AS expected_prev,
      lag(seq, 1, 0::bigint) OVER w AS seq_before,
      audit_hash(prev_hash, seq, at, actor_type, actor_id, action, target_type, target_id, outcome, ip_address, detail) AS expected_hash
    FROM audit_log WINDOW w AS (ORDER BY seq)) chain
  WHERE hash <> expected_hash OR prev_hash <> expected_prev OR seq <> seq_before + 1
$$;

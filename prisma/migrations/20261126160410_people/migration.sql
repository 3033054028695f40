-- CreateTable
CREATE TABLE "operator_invitation" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" "operator_role" NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "invited_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "operator_id" TEXT,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "operator_invitation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "operator_invitation_token_hash_key" ON "operator_invitation"("token_hash");

-- What the Prisma schema cannot say.
ALTER TABLE operator_invitation
  ADD CONSTRAINT operator_invitation_email_lower CHECK (email = lower(email)),
  ADD CONSTRAINT operator_invitation_accepted CHECK ((accepted_at IS NULL) = (operator_id IS NULL)),
  -- A link is used or taken back, never both.
  ADD CONSTRAINT operator_invitation_one_end CHECK (accepted_at IS NULL OR revoked_at IS NULL);
CREATE UNIQUE INDEX operator_invitation_one_open ON operator_invitation (email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX operator_session_open ON operator_session (operator_id, last_seen_at DESC) WHERE ended_at IS NULL;

-- There is always an administrator who can sign in. One change at a time is judged, each by what was committed before it.
CREATE FUNCTION operator_guard_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7040);
  IF NOT EXISTS (SELECT 1 FROM operator WHERE role = 'ADMIN' AND disabled_at IS NULL AND id <> OLD.id) THEN
    RAISE EXCEPTION 'operator % is the last administrator', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'operator_last_admin';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER operator_last_admin_changed BEFORE UPDATE OF role, disabled_at ON operator
  FOR EACH ROW WHEN (OLD.role = 'ADMIN' AND OLD.disabled_at IS NULL AND (NEW.role <> 'ADMIN' OR NEW.disabled_at IS NOT NULL))
  EXECUTE FUNCTION operator_guard_last_admin();
CREATE TRIGGER operator_last_admin_deleted BEFORE DELETE ON operator
  FOR EACH ROW WHEN (OLD.role = 'ADMIN' AND OLD.disabled_at IS NULL) EXECUTE FUNCTION operator_guard_last_admin();

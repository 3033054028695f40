-- Who looks into an outcome that is not known. A table of its own: it never touches what is known of the money.
CREATE TABLE "unresolved_assignment" (
    "subject_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "operator_id" TEXT,
    "note" TEXT,
    "noted_by" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "unresolved_assignment_pkey" PRIMARY KEY ("subject_id")
);

ALTER TABLE "unresolved_assignment" ADD CONSTRAINT "unresolved_assignment_payment_id_fkey"
  FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "unresolved_assignment"
  ADD CONSTRAINT "unresolved_assignment_note_length" CHECK (char_length("note") BETWEEN 1 AND 500),
  ADD CONSTRAINT "unresolved_assignment_note_has_author" CHECK (("note" IS NULL) = ("noted_by" IS NULL));

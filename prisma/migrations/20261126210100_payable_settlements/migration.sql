-- What is not paid out yet is a small part of all settlements, and the part that people look at every day.
CREATE INDEX "settlement_payable" ON "settlement" ("payout_date" DESC, "id" DESC) WHERE "status" IN ('DRAFT', 'CONFIRMED');

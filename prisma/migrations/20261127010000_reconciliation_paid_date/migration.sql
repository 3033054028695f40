-- What was paid in may be of another date than the record it is for.
ALTER TABLE "recon_item" ADD COLUMN "paid_date" DATE;

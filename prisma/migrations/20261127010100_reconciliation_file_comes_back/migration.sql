-- A file that another took the place of may come back, so only those that count are held to be there once.
DROP INDEX "recon_file_sha256_key";
CREATE UNIQUE INDEX "recon_file_sha256_in_force" ON "recon_file" ("sha256") WHERE "replaced_at" IS NULL;

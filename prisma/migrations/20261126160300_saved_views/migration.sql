-- CreateTable
CREATE TABLE "saved_view" (
    "id" TEXT NOT NULL,
    "operator_id" TEXT NOT NULL,
    "list_name" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "sort" TEXT NOT NULL,
    "columns" JSONB,
    "is_shared" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "list_preference" (
    "operator_id" TEXT NOT NULL,
    "list_name" TEXT NOT NULL,
    "default_view_id" TEXT,
    "columns" JSONB,

    CONSTRAINT "list_preference_pkey" PRIMARY KEY ("operator_id","list_name")
);

-- CreateIndex
CREATE INDEX "saved_view_operator_id_list_name_idx" ON "saved_view"("operator_id", "list_name");

-- What a person has at one time, and what everybody sees, is found by an index, and no name is there twice.
CREATE UNIQUE INDEX saved_view_one_name ON saved_view (operator_id, list_name, lower(name)) WHERE deleted_at IS NULL;
CREATE INDEX saved_view_shared ON saved_view (list_name) WHERE is_shared AND deleted_at IS NULL;
ALTER TABLE saved_view ADD CONSTRAINT saved_view_name CHECK (char_length(name) BETWEEN 1 AND 40);

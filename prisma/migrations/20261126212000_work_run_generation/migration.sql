-- A resume whose job was over before any turn must be able to write another: each resume has a number of its own.
ALTER TABLE "work_run" ADD COLUMN     "generation" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "approval_timing" (
    "payment_id" TEXT NOT NULL,
    "commit2_ms" DOUBLE PRECISION NOT NULL,
    "answer_ms" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "approval_timing_pkey" PRIMARY KEY ("payment_id")
);

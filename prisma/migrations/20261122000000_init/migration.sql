-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "dead_letter_status" AS ENUM ('PARKED', 'REDRIVEN', 'RESOLVED');

-- CreateEnum
CREATE TYPE "mall_status" AS ENUM ('ACTIVE', 'SUSPENDED');

-- CreateEnum
CREATE TYPE "operator_role" AS ENUM ('VIEWER', 'OPERATOR', 'SETTLEMENT', 'ADMIN', 'AUDITOR');

-- CreateEnum
CREATE TYPE "payment_status" AS ENUM ('READY', 'IN_PROGRESS', 'DONE', 'ABORTED', 'UNKNOWN', 'NET_CANCELED', 'CANCEL_PENDING', 'PARTIAL_CANCELED', 'CANCELED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "payment_method" AS ENUM ('CARD', 'VOUCHER');

-- CreateEnum
CREATE TYPE "cancel_status" AS ENUM ('REQUESTED', 'SUCCEEDED', 'FAILED', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "origin" AS ENUM ('API', 'CONSOLE', 'SYSTEM', 'NET_CANCEL', 'CHARGEBACK');

-- CreateEnum
CREATE TYPE "van_protocol" AS ENUM ('HTTP_JSON', 'FIXED_LENGTH_TCP');

-- CreateEnum
CREATE TYPE "van_operation" AS ENUM ('APPROVE', 'CANCEL', 'NET_CANCEL', 'INQUIRY');

-- CreateEnum
CREATE TYPE "webhook_endpoint_status" AS ENUM ('ACTIVE', 'PAUSED', 'DELETED');

-- CreateEnum
CREATE TYPE "webhook_delivery_status" AS ENUM ('PENDING', 'DELIVERED', 'DEAD');

-- CreateTable
CREATE TABLE "audit_log" (
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target_type" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "ip_address" TEXT,
    "detail" JSONB NOT NULL,
    "prev_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "dead_letter" (
    "id" TEXT NOT NULL,
    "status" "dead_letter_status" NOT NULL DEFAULT 'PARKED',
    "job_name" TEXT NOT NULL,
    "job_key" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "subject_id" TEXT NOT NULL,
    "payment_id" TEXT,
    "mall_id" TEXT,
    "van_code" TEXT,
    "amount_minor" BIGINT,
    "reason_class" TEXT NOT NULL,
    "first_error" TEXT NOT NULL,
    "last_error" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "van_exchange_id" BIGINT,
    "deadline_at" TIMESTAMPTZ(3),
    "redrive_count" INTEGER NOT NULL DEFAULT 0,
    "trace_id" TEXT,
    "parked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "redriven_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "resolution" TEXT,

    CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "mall_id" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "payment_id" TEXT,
    "cancel_id" TEXT,
    "http_status" INTEGER,
    "response_body" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("mall_id","method","path","key")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "id" BIGSERIAL NOT NULL,
    "event_key" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL DEFAULT 'KRW',
    "payment_id" TEXT,
    "business_date" DATE NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mall" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "business_number" TEXT NOT NULL,
    "status" "mall_status" NOT NULL DEFAULT 'ACTIVE',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mall_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "mall_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "prefix" TEXT NOT NULL,
    "last_four" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operator" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" "operator_role" NOT NULL,
    "password_hash" TEXT NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_signed_in_at" TIMESTAMPTZ(3),

    CONSTRAINT "operator_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operator_session" (
    "id" TEXT NOT NULL,
    "operator_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ip_address" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "operator_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_message" (
    "id" BIGSERIAL NOT NULL,
    "job_name" TEXT NOT NULL,
    "job_key" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "subject_id" TEXT NOT NULL,
    "available_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),
    "dead_at" TIMESTAMPTZ(3),
    "first_error" TEXT,
    "last_error" TEXT,
    "trace_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event" (
    "id" BIGSERIAL NOT NULL,
    "sequence" BIGINT,
    "type" TEXT NOT NULL,
    "mall_id" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" TEXT NOT NULL,
    "mall_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "order_name" TEXT NOT NULL,
    "method" "payment_method" NOT NULL,
    "currency" CHAR(3) NOT NULL DEFAULT 'KRW',
    "amount_minor" BIGINT NOT NULL,
    "tax_free_minor" BIGINT NOT NULL DEFAULT 0,
    "vat_minor" BIGINT NOT NULL,
    "status" "payment_status" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "origin" "origin" NOT NULL DEFAULT 'API',
    "van_code" TEXT NOT NULL,
    "trace_no" TEXT NOT NULL,
    "approval_no" TEXT,
    "van_response_code" TEXT,
    "van_response_message" TEXT,
    "failure_code" TEXT,
    "unknown_reason" TEXT,
    "card_bin" TEXT,
    "card_last4" TEXT,
    "card_fingerprint" BYTEA,
    "issuer_code" TEXT,
    "issuer_name" TEXT,
    "installment_months" INTEGER NOT NULL DEFAULT 0,
    "customer_name" TEXT,
    "customer_email" TEXT,
    "customer_phone" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "canceled_minor" BIGINT NOT NULL DEFAULT 0,
    "canceled_tax_free_minor" BIGINT NOT NULL DEFAULT 0,
    "reserved_minor" BIGINT NOT NULL DEFAULT 0,
    "reserved_tax_free_minor" BIGINT NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "net_cancel_requested_at" TIMESTAMPTZ(3),
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "approved_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "van_duration_ms" INTEGER,
    "total_duration_ms" INTEGER,
    "trace_id" TEXT NOT NULL,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment_cancel" (
    "id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "mall_id" TEXT NOT NULL,
    "status" "cancel_status" NOT NULL,
    "origin" "origin" NOT NULL,
    "actor_id" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "tax_free_minor" BIGINT NOT NULL,
    "vat_minor" BIGINT NOT NULL,
    "balance_before_minor" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "trace_no" TEXT NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "van_response_code" TEXT,
    "van_response_message" TEXT,
    "failure_code" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),
    "trace_id" TEXT NOT NULL,

    CONSTRAINT "payment_cancel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment_event" (
    "id" BIGSERIAL NOT NULL,
    "payment_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "from_status" "payment_status",
    "to_status" "payment_status",
    "cancel_id" TEXT,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "net_cancel_tombstone" (
    "mall_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "net_cancel_tombstone_pkey" PRIMARY KEY ("mall_id","order_id")
);

-- CreateTable
CREATE TABLE "latency_minute" (
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "van_code" TEXT NOT NULL,
    "mall_id" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "bucket" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "latency_minute_pkey" PRIMARY KEY ("minute","van_code","mall_id","outcome","bucket")
);

-- CreateTable
CREATE TABLE "van" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "protocol" "van_protocol" NOT NULL,
    "is_sandbox" BOOLEAN NOT NULL DEFAULT false,
    "is_enabled" BOOLEAN NOT NULL DEFAULT true,
    "connect_timeout_ms" INTEGER NOT NULL,
    "approve_timeout_ms" INTEGER NOT NULL,
    "cancel_timeout_ms" INTEGER NOT NULL,
    "net_cancel_timeout_ms" INTEGER NOT NULL,
    "inquiry_timeout_ms" INTEGER NOT NULL,
    "lease_ms" INTEGER NOT NULL,
    "net_cancel_delays_ms" INTEGER[],
    "net_cancel_deadline_ms" INTEGER NOT NULL,
    "cancel_delays_ms" INTEGER[],
    "inquiry_delays_ms" INTEGER[],
    "processing_window_ms" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "van_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "mall_van_route" (
    "mall_id" TEXT NOT NULL,
    "van_code" TEXT NOT NULL,
    "weight" INTEGER NOT NULL,

    CONSTRAINT "mall_van_route_pkey" PRIMARY KEY ("mall_id","van_code")
);

-- CreateTable
CREATE TABLE "van_exchange" (
    "id" BIGSERIAL NOT NULL,
    "van_code" TEXT NOT NULL,
    "operation" "van_operation" NOT NULL,
    "payment_id" TEXT NOT NULL,
    "cancel_id" TEXT,
    "trace_no" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "response_code" TEXT,
    "response_message" TEXT,
    "error" TEXT,
    "request_bytes" BYTEA NOT NULL,
    "response_bytes" BYTEA,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,

    CONSTRAINT "van_exchange_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "van_orphan" (
    "id" BIGSERIAL NOT NULL,
    "payment_id" TEXT NOT NULL,
    "trace_no" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "source" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'OPEN',
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "van_orphan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_endpoint" (
    "id" TEXT NOT NULL,
    "mall_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "types" TEXT[],
    "status" "webhook_endpoint_status" NOT NULL DEFAULT 'ACTIVE',
    "paused_reason" TEXT,
    "secret_sealed" BYTEA NOT NULL,
    "previous_secret_sealed" BYTEA,
    "previous_secret_expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "id" TEXT NOT NULL,
    "endpoint_id" TEXT NOT NULL,
    "event_id" BIGINT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "status" "webhook_delivery_status" NOT NULL DEFAULT 'PENDING',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_attempt" (
    "id" BIGSERIAL NOT NULL,
    "delivery_id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "response_status" INTEGER,
    "response_body" TEXT,
    "error" TEXT,

    CONSTRAINT "webhook_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_log_target_id_seq_idx" ON "audit_log"("target_id", "seq");

-- CreateIndex
CREATE INDEX "audit_log_actor_id_seq_idx" ON "audit_log"("actor_id", "seq");

-- CreateIndex
CREATE INDEX "audit_log_action_seq_idx" ON "audit_log"("action", "seq");

-- CreateIndex
CREATE INDEX "audit_log_at_idx" ON "audit_log"("at");

-- CreateIndex
CREATE INDEX "dead_letter_status_parked_at_id_idx" ON "dead_letter"("status", "parked_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "dead_letter_payment_id_idx" ON "dead_letter"("payment_id");

-- CreateIndex
CREATE INDEX "dead_letter_job_key_idx" ON "dead_letter"("job_key");

-- CreateIndex
CREATE INDEX "idempotency_key_payment_id_idx" ON "idempotency_key"("payment_id");

-- CreateIndex
CREATE INDEX "idempotency_key_expires_at_idx" ON "idempotency_key"("expires_at");

-- CreateIndex
CREATE INDEX "ledger_entry_payment_id_idx" ON "ledger_entry"("payment_id");

-- CreateIndex
CREATE INDEX "ledger_entry_account_id_idx" ON "ledger_entry"("account", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_event_key_account_key" ON "ledger_entry"("event_key", "account");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_key_hash_key" ON "api_key"("key_hash");

-- CreateIndex
CREATE INDEX "api_key_mall_id_idx" ON "api_key"("mall_id");

-- CreateIndex
CREATE UNIQUE INDEX "operator_email_key" ON "operator"("email");

-- CreateIndex
CREATE INDEX "operator_session_operator_id_idx" ON "operator_session"("operator_id");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_message_job_key_key" ON "outbox_message"("job_key");

-- CreateIndex
CREATE INDEX "outbox_message_subject_id_idx" ON "outbox_message"("subject_id");

-- CreateIndex
CREATE UNIQUE INDEX "event_sequence_key" ON "event"("sequence");

-- CreateIndex
CREATE INDEX "event_mall_id_sequence_idx" ON "event"("mall_id", "sequence");

-- CreateIndex
CREATE INDEX "event_subject_id_idx" ON "event"("subject_id");

-- CreateIndex
CREATE UNIQUE INDEX "payment_trace_no_key" ON "payment"("trace_no");

-- CreateIndex
CREATE INDEX "payment_requested_at_id_idx" ON "payment"("requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "payment_mall_id_requested_at_id_idx" ON "payment"("mall_id", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "payment_status_requested_at_id_idx" ON "payment"("status", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "payment_van_code_requested_at_id_idx" ON "payment"("van_code", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "payment_mall_id_order_id_idx" ON "payment"("mall_id", "order_id");

-- CreateIndex
CREATE INDEX "payment_order_id_idx" ON "payment"("order_id");

-- CreateIndex
CREATE INDEX "payment_approval_no_idx" ON "payment"("approval_no");

-- CreateIndex
CREATE INDEX "payment_card_last4_requested_at_id_idx" ON "payment"("card_last4", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "payment_amount_minor_idx" ON "payment"("amount_minor");

-- CreateIndex
CREATE INDEX "payment_answered_at_idx" ON "payment"("answered_at");

-- CreateIndex
CREATE UNIQUE INDEX "payment_cancel_trace_no_key" ON "payment_cancel"("trace_no");

-- CreateIndex
CREATE INDEX "payment_cancel_payment_id_requested_at_idx" ON "payment_cancel"("payment_id", "requested_at");

-- CreateIndex
CREATE INDEX "payment_cancel_requested_at_idx" ON "payment_cancel"("requested_at");

-- CreateIndex
CREATE INDEX "payment_event_payment_id_id_idx" ON "payment_event"("payment_id", "id");

-- CreateIndex
CREATE INDEX "van_exchange_payment_id_id_idx" ON "van_exchange"("payment_id", "id");

-- CreateIndex
CREATE INDEX "van_exchange_started_at_idx" ON "van_exchange"("started_at");

-- CreateIndex
CREATE UNIQUE INDEX "van_orphan_trace_no_key" ON "van_orphan"("trace_no");

-- CreateIndex
CREATE INDEX "van_orphan_payment_id_idx" ON "van_orphan"("payment_id");

-- CreateIndex
CREATE INDEX "webhook_endpoint_mall_id_idx" ON "webhook_endpoint"("mall_id");

-- CreateIndex
CREATE INDEX "webhook_delivery_endpoint_id_subject_id_sequence_idx" ON "webhook_delivery"("endpoint_id", "subject_id", "sequence");

-- CreateIndex
CREATE INDEX "webhook_delivery_subject_id_idx" ON "webhook_delivery"("subject_id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_delivery_endpoint_id_event_id_key" ON "webhook_delivery"("endpoint_id", "event_id");

-- CreateIndex
CREATE INDEX "webhook_attempt_delivery_id_id_idx" ON "webhook_attempt"("delivery_id", "id");

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_mall_id_fkey" FOREIGN KEY ("mall_id") REFERENCES "mall"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operator_session" ADD CONSTRAINT "operator_session_operator_id_fkey" FOREIGN KEY ("operator_id") REFERENCES "operator"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_mall_id_fkey" FOREIGN KEY ("mall_id") REFERENCES "mall"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_cancel" ADD CONSTRAINT "payment_cancel_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_event" ADD CONSTRAINT "payment_event_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mall_van_route" ADD CONSTRAINT "mall_van_route_mall_id_fkey" FOREIGN KEY ("mall_id") REFERENCES "mall"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mall_van_route" ADD CONSTRAINT "mall_van_route_van_code_fkey" FOREIGN KEY ("van_code") REFERENCES "van"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_mall_id_fkey" FOREIGN KEY ("mall_id") REFERENCES "mall"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "event"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_attempt" ADD CONSTRAINT "webhook_attempt_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "webhook_delivery"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


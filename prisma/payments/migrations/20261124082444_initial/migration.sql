-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('REQUIRES_ACTION', 'PENDING', 'FAILED', 'CANCELED', 'EXPIRED', 'COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED');

-- CreateEnum
CREATE TYPE "PaymentMethod" AS ENUM ('CARD', 'CHECKOUT');

-- CreateEnum
CREATE TYPE "PaymentEventType" AS ENUM ('INITIATED', 'CREATED', 'ACTION_REQUIRED', 'PROCESSING', 'FAILED', 'CANCELED', 'EXPIRED', 'SUCCEEDED', 'REFUND_REQUESTED', 'REFUND_SUCCEEDED', 'REFUND_FAILED', 'DISPUTE_OPENED', 'DISPUTE_WON', 'DISPUTE_LOST', 'MISMATCH');

-- CreateEnum
CREATE TYPE "RefundStatus" AS ENUM ('PENDING', 'SUCCEEDED', 'FAILED');

-- CreateEnum
CREATE TYPE "EnrollmentStatus" AS ENUM ('PENDING_PAYMENT', 'ACTIVE', 'SUSPENDED', 'COMPLETED', 'DROPPED', 'EXPIRED', 'REFUNDED', 'CANCELED');

-- CreateTable
CREATE TABLE "payment" (
    "id" UUID NOT NULL,
    "enrollment_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "refunded_amount" BIGINT NOT NULL DEFAULT 0,
    "method" "PaymentMethod" NOT NULL,
    "provider" TEXT NOT NULL,
    "transaction_id" TEXT,
    "client_secret" TEXT,
    "checkout_url" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "status" "PaymentStatus" NOT NULL DEFAULT 'PENDING',
    "failure_code" TEXT,
    "failure_message" TEXT,
    "cancel_reason" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "paid_at" TIMESTAMPTZ(3),
    "refund_days" INTEGER NOT NULL,
    "refund_below_basis_points" INTEGER NOT NULL,
    "next_check_at" TIMESTAMPTZ(3),
    "checks" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment_event" (
    "id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "type" "PaymentEventType" NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "amount" BIGINT,
    "detail" TEXT,
    "actor_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payment_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refund" (
    "id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "amount" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "requested_by" UUID,
    "status" "RefundStatus" NOT NULL DEFAULT 'PENDING',
    "provider_refund_id" TEXT,
    "failure" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "request_key" (
    "user_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "payment_id" UUID NOT NULL,
    "refund_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "request_key_pkey" PRIMARY KEY ("user_id","key")
);

-- CreateTable
CREATE TABLE "webhook_event" (
    "provider" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "payment_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_event_pkey" PRIMARY KEY ("provider","event_id")
);

-- CreateTable
CREATE TABLE "receipt" (
    "number" INTEGER NOT NULL,
    "payment_id" UUID NOT NULL,
    "course_title" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "receipt_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "receipt_counter" (
    "id" INTEGER NOT NULL,
    "last" INTEGER NOT NULL,

    CONSTRAINT "receipt_counter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sweep" (
    "provider" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sweep_pkey" PRIMARY KEY ("provider")
);

-- CreateTable
CREATE TABLE "enrollment" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "status" "EnrollmentStatus" NOT NULL,
    "attempt" INTEGER NOT NULL,
    "price_amount" BIGINT NOT NULL,
    "price_currency" TEXT NOT NULL,
    "payment_id" UUID,
    "enrolled_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,
    "percent_basis_points" INTEGER NOT NULL DEFAULT 0,
    "progress_version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "enrollment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "course" (
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "course_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sandbox_payment" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "reference" TEXT NOT NULL,
    "client_secret" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "failure" TEXT,
    "outcome" TEXT,
    "settles_at" TIMESTAMPTZ(3),
    "mischief" TEXT,
    "paid_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sandbox_payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sandbox_refund" (
    "id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "reference" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sandbox_refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sandbox_dispute" (
    "id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sandbox_dispute_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sandbox_event" (
    "id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "send_at" TIMESTAMPTZ(3),
    "copies" INTEGER NOT NULL DEFAULT 1,
    "tries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "sandbox_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "payment_user_id_created_at_id_idx" ON "payment"("user_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "payment_enrollment_id_created_at_id_idx" ON "payment"("enrollment_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "payment_provider_transaction_id_key" ON "payment"("provider", "transaction_id");

-- CreateIndex
CREATE UNIQUE INDEX "payment_event_payment_id_seq_key" ON "payment_event"("payment_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "payment_event_payment_id_type_subject_key" ON "payment_event"("payment_id", "type", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "refund_payment_id_provider_refund_id_key" ON "refund"("payment_id", "provider_refund_id");

-- CreateIndex
CREATE INDEX "request_key_created_at_idx" ON "request_key"("created_at");

-- CreateIndex
CREATE INDEX "webhook_event_received_at_idx" ON "webhook_event"("received_at");

-- CreateIndex
CREATE UNIQUE INDEX "receipt_payment_id_key" ON "receipt"("payment_id");

-- CreateIndex
CREATE INDEX "enrollment_payment_id_idx" ON "enrollment"("payment_id");

-- CreateIndex
CREATE UNIQUE INDEX "sandbox_payment_key_key" ON "sandbox_payment"("key");

-- CreateIndex
CREATE UNIQUE INDEX "sandbox_payment_client_secret_key" ON "sandbox_payment"("client_secret");

-- CreateIndex
CREATE INDEX "sandbox_payment_settles_at_idx" ON "sandbox_payment"("settles_at");

-- CreateIndex
CREATE INDEX "sandbox_event_payment_id_idx" ON "sandbox_event"("payment_id");

-- CreateIndex
CREATE INDEX "sandbox_payment_reference_idx" ON "sandbox_payment"("reference");

-- CreateIndex
CREATE INDEX "sandbox_payment_created_at_id_idx" ON "sandbox_payment"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "sandbox_refund_key_key" ON "sandbox_refund"("key");

-- CreateIndex
CREATE INDEX "sandbox_refund_payment_id_idx" ON "sandbox_refund"("payment_id");

-- CreateIndex
CREATE INDEX "sandbox_dispute_payment_id_idx" ON "sandbox_dispute"("payment_id");

-- CreateIndex
CREATE INDEX "sandbox_event_send_at_idx" ON "sandbox_event"("send_at");

-- CreateIndex
CREATE INDEX "sandbox_event_created_at_id_idx" ON "sandbox_event"("created_at", "id");

-- AddForeignKey
ALTER TABLE "payment_event" ADD CONSTRAINT "payment_event_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund" ADD CONSTRAINT "refund_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "receipt" ADD CONSTRAINT "receipt_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One open payment of an enrollment.
CREATE UNIQUE INDEX payment_enrollment_id_open_key ON payment (enrollment_id)
  WHERE status IN ('REQUIRES_ACTION', 'PENDING', 'FAILED');

CREATE INDEX payment_next_check_at_idx ON payment (next_check_at) WHERE next_check_at IS NOT NULL;

CREATE INDEX payment_transaction_id_idx ON payment (transaction_id);

INSERT INTO receipt_counter (id, last) VALUES (1, 0);

-- What happened has happened.
CREATE FUNCTION payment_event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events of a payment are never changed';
END $$;

CREATE TRIGGER payment_event_is_kept BEFORE UPDATE OR DELETE ON payment_event
  FOR EACH ROW EXECUTE FUNCTION payment_event_is_kept();

CREATE TRIGGER payment_event_is_kept_whole BEFORE TRUNCATE ON payment_event
  FOR EACH STATEMENT EXECUTE FUNCTION payment_event_is_kept();

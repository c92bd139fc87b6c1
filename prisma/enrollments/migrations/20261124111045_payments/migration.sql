-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('REQUIRES_ACTION', 'PENDING', 'FAILED', 'CANCELED', 'EXPIRED', 'COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED');

-- CreateEnum
CREATE TYPE "RefundReason" AS ENUM ('late_payment', 'already_enrolled');

-- AlterTable
ALTER TABLE "enrollment" ADD COLUMN     "pay_by" TIMESTAMPTZ(3),
ADD COLUMN     "payment_id" UUID;

-- AlterTable
ALTER TABLE "enrollment_transition" ADD COLUMN     "payment_id" UUID;

-- CreateTable
CREATE TABLE "payment" (
    "id" UUID NOT NULL,
    "enrollment_id" UUID NOT NULL,
    "status" "PaymentStatus" NOT NULL,
    "initiated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refund_request" (
    "payment_id" UUID NOT NULL,
    "enrollment_id" UUID NOT NULL,
    "reason" "RefundReason" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "refund_request_pkey" PRIMARY KEY ("payment_id")
);

-- CreateIndex
CREATE INDEX "payment_enrollment_id_idx" ON "payment"("enrollment_id");

-- CreateIndex
CREATE UNIQUE INDEX "enrollment_payment_id_key" ON "enrollment"("payment_id");

-- What the job that cancels the unpaid looks for.
CREATE INDEX "enrollment_pay_by_idx" ON "enrollment"("pay_by") WHERE "status" = 'PENDING_PAYMENT';

-- Whoever waits to pay has the usual time from now on.
UPDATE "enrollment" SET "pay_by" = now() + interval '30 minutes' WHERE "status" = 'PENDING_PAYMENT';

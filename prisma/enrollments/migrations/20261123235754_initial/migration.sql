-- CreateEnum
CREATE TYPE "OfferStatus" AS ENUM ('PUBLISHED', 'ARCHIVED');

-- CreateEnum
CREATE TYPE "EnrollmentStatus" AS ENUM ('PENDING_PAYMENT', 'ACTIVE', 'SUSPENDED', 'COMPLETED', 'DROPPED', 'EXPIRED', 'REFUNDED', 'CANCELED');

-- CreateTable
CREATE TABLE "offer" (
    "course_id" UUID NOT NULL,
    "instructor_id" UUID NOT NULL,
    "status" "OfferStatus" NOT NULL,
    "price_amount" BIGINT NOT NULL,
    "price_currency" TEXT NOT NULL,
    "access_days" INTEGER,
    "version" INTEGER NOT NULL,
    "aggregate_version" INTEGER NOT NULL,
    "learner_count" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "offer_pkey" PRIMARY KEY ("course_id")
);

-- CreateTable
CREATE TABLE "enrollment" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "instructor_id" UUID NOT NULL,
    "course_version" INTEGER NOT NULL,
    "status" "EnrollmentStatus" NOT NULL,
    "attempt" INTEGER NOT NULL,
    "enrolled_at" TIMESTAMPTZ(3) NOT NULL,
    "access_days" INTEGER,
    "expires_at" TIMESTAMPTZ(3),
    "price_amount" BIGINT NOT NULL,
    "price_currency" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "enrollment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "enrollment_transition" (
    "id" UUID NOT NULL,
    "enrollment_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "from" "EnrollmentStatus",
    "to" "EnrollmentStatus" NOT NULL,
    "reason" TEXT NOT NULL,
    "actor_id" UUID,
    "event_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "enrollment_transition_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "enrollment_user_id_enrolled_at_id_idx" ON "enrollment"("user_id", "enrolled_at", "id");

-- CreateIndex
CREATE INDEX "enrollment_course_id_enrolled_at_id_idx" ON "enrollment"("course_id", "enrolled_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "enrollment_user_id_course_id_attempt_key" ON "enrollment"("user_id", "course_id", "attempt");

-- CreateIndex
CREATE UNIQUE INDEX "enrollment_transition_enrollment_id_version_key" ON "enrollment_transition"("enrollment_id", "version");

-- One live enrollment of a person in a course: whoever enrolls a hundred times at once gets one row.
CREATE UNIQUE INDEX "enrollment_live_key" ON "enrollment"("user_id", "course_id")
    WHERE "status" IN ('PENDING_PAYMENT', 'ACTIVE', 'SUSPENDED', 'COMPLETED');

-- What the job that records the end of access looks for.
CREATE INDEX "enrollment_expires_at_idx" ON "enrollment"("expires_at") WHERE "status" IN ('ACTIVE', 'SUSPENDED');

-- AddForeignKey
ALTER TABLE "enrollment_transition" ADD CONSTRAINT "enrollment_transition_enrollment_id_fkey" FOREIGN KEY ("enrollment_id") REFERENCES "enrollment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

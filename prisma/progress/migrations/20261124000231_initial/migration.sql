-- CreateEnum
CREATE TYPE "LessonKind" AS ENUM ('VIDEO', 'ARTICLE', 'DOCUMENT', 'QUIZ');

-- CreateEnum
CREATE TYPE "EnrollmentStatus" AS ENUM ('PENDING_PAYMENT', 'ACTIVE', 'SUSPENDED', 'COMPLETED', 'DROPPED', 'EXPIRED', 'REFUNDED', 'CANCELED');

-- CreateTable
CREATE TABLE "outline" (
    "course_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "required" INTEGER NOT NULL,
    "quizzes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outline_pkey" PRIMARY KEY ("course_id","version")
);

-- CreateTable
CREATE TABLE "outline_lesson" (
    "course_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "lesson_id" UUID NOT NULL,
    "module_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" "LessonKind" NOT NULL,
    "required" BOOLEAN NOT NULL,
    "duration_seconds" INTEGER NOT NULL,
    "prerequisite_ids" UUID[],

    CONSTRAINT "outline_lesson_pkey" PRIMARY KEY ("course_id","version","lesson_id")
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
    "expires_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL,

    CONSTRAINT "enrollment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "course_progress" (
    "enrollment_id" UUID NOT NULL,
    "completed_required" INTEGER NOT NULL DEFAULT 0,
    "required" INTEGER NOT NULL,
    "percent_bp" INTEGER,
    "quizzes_passed" INTEGER NOT NULL DEFAULT 0,
    "quizzes_total" INTEGER NOT NULL,
    "active_ms" BIGINT NOT NULL DEFAULT 0,
    "resume_lesson_id" UUID,
    "resume_position" INTEGER NOT NULL DEFAULT 0,
    "resume_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "last_activity_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "course_progress_pkey" PRIMARY KEY ("enrollment_id")
);

-- CreateTable
CREATE TABLE "lesson_progress" (
    "enrollment_id" UUID NOT NULL,
    "lesson_id" UUID NOT NULL,
    "completed_at" TIMESTAMPTZ(3),
    "last_accessed_at" TIMESTAMPTZ(3) NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "position_at" TIMESTAMPTZ(3),
    "position_event" UUID,
    "watched" BIGINT[],
    "watched_seconds" INTEGER NOT NULL DEFAULT 0,
    "active" BIGINT[],
    "active_ms" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lesson_progress_pkey" PRIMARY KEY ("enrollment_id","lesson_id")
);

-- CreateTable
CREATE TABLE "client_event" (
    "enrollment_id" UUID NOT NULL,
    "client_event_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "client_event_pkey" PRIMARY KEY ("enrollment_id","client_event_id")
);

-- CreateTable
CREATE TABLE "activity" (
    "subject_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "stretches" INTEGER[],
    "ms" INTEGER NOT NULL,

    CONSTRAINT "activity_pkey" PRIMARY KEY ("subject_id","day")
);

-- CreateTable
CREATE TABLE "learner" (
    "user_id" UUID NOT NULL,
    "time_zone" TEXT NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "learner_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE INDEX "outline_lesson_lesson_id_idx" ON "outline_lesson"("lesson_id");

-- CreateIndex
CREATE INDEX "outline_lesson_module_id_idx" ON "outline_lesson"("module_id");

-- CreateIndex
CREATE INDEX "enrollment_user_id_course_id_idx" ON "enrollment"("user_id", "course_id");

-- AddForeignKey
ALTER TABLE "outline_lesson" ADD CONSTRAINT "outline_lesson_outline_fkey" FOREIGN KEY ("course_id", "version") REFERENCES "outline"("course_id", "version") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "course_progress" ADD CONSTRAINT "course_progress_enrollment_id_fkey" FOREIGN KEY ("enrollment_id") REFERENCES "enrollment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

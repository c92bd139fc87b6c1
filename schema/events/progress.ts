import { defineEvent } from '@stellr/kit'
import { z } from 'zod'
import { progress } from './topics.ts'

const learner = { enrollmentId: z.uuid(), userId: z.uuid(), courseId: z.uuid() }

/** How far an enrollment is now. Aggregate: the progress of the enrollment, by its id. */
export const ProgressUpdated = defineEvent(
  'progress.updated',
  1,
  progress,
  z.looseObject({
    ...learner,
    /** In hundredths of a percent, 0 to 10,000; null when the course has nothing to complete. */
    percentBasisPoints: z.int().min(0).max(10_000).nullable(),
    completedLessons: z.int().min(0),
    requiredLessons: z.int().min(0),
    activeSeconds: z.int().min(0),
  }),
)

/** A lesson was completed, once for each enrollment. Aggregate: `<enrollment id>:<lesson id>`, version 1. */
export const LessonCompleted = defineEvent(
  'lesson.completed',
  1,
  progress,
  z.looseObject({ ...learner, lessonId: z.uuid(), completedAt: z.iso.datetime() }),
)

/** Every required lesson is complete; said once for each enrollment. Aggregate: the enrollment's id, version 1. */
export const CourseCompleted = defineEvent(
  'course.completed',
  1,
  progress,
  z.looseObject({ ...learner, courseVersion: z.int().positive(), completedAt: z.iso.datetime() }),
)

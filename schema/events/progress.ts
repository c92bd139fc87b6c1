import { defineEvent } from '@stellr/kit'
import { z } from 'zod'
import { progress } from './topics.ts'

const learner = { enrollmentId: z.uuid(), userId: z.uuid(), courseId: z.uuid() }

export const ProgressUpdated = defineEvent(
  'progress.updated',
  1,
  progress,
  z.looseObject({
    ...learner,
    percentBasisPoints: z
      .int()
      .min(0)
      .max(10_000)
      .nullable()
      .describe('In hundredths of a percent; null when the course has nothing to complete.'),
    completedLessons: z.int().min(0).describe('How many of the required lessons are complete.'),
    requiredLessons: z.int().min(0),
    activeSeconds: z.int().min(0).describe('For how long the learner was active in this course.'),
  }),
  'How far an enrollment is now. Aggregate: the progress of the enrollment, by its id.',
)

export const LessonCompleted = defineEvent(
  'lesson.completed',
  1,
  progress,
  z.looseObject({ ...learner, lessonId: z.uuid(), completedAt: z.iso.datetime() }),
  'A lesson was completed, once for each enrollment. Aggregate: `<enrollment id>:<lesson id>`, version 1.',
)

export const CourseCompleted = defineEvent(
  'course.completed',
  1,
  progress,
  z.looseObject({ ...learner, courseVersion: z.int().positive(), completedAt: z.iso.datetime() }),
  'Every required lesson is complete; said once for each enrollment. Aggregate: the enrollment’s id, version 1.',
)

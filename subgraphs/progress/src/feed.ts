import { defineFeed, feedBigInt, feedMoment, type Entry } from '@stellr/kit'
import { z } from 'zod'

const learning = z.object({ id: z.uuid(), userId: z.uuid(), courseId: z.uuid(), instructorId: z.uuid(), courseVersion: z.int() })

const progress = z.object({
  enrollmentId: z.uuid(),
  completedRequired: z.int(),
  required: z.int(),
  percentBp: z.int().nullable(),
  quizzesPassed: z.int(),
  quizzesTotal: z.int(),
  activeMs: feedBigInt,
  resumeLessonId: z.uuid().nullable(),
  resumePosition: z.int(),
  resumeAt: feedMoment.nullable(),
  completedAt: feedMoment.nullable(),
  lastActivityAt: feedMoment.nullable(),
  version: z.int(),
  createdAt: feedMoment,
  updatedAt: feedMoment,
})

const lesson = z.object({
  lesson: z.object({
    lessonId: z.uuid(),
    kind: z.enum(['VIDEO', 'ARTICLE', 'DOCUMENT', 'QUIZ']),
    durationSeconds: z.int(),
  }),
  progress: z.object({
    completedAt: feedMoment.nullable(),
    lastAccessedAt: feedMoment,
    position: z.int(),
    watchedSeconds: z.int(),
    activeMs: feedBigInt,
  }),
  locked: z.boolean(),
})

/**
 * How far an enrollment was after each change: its stream is the enrollment's id. An entry carries the numbers themselves, so
 * that whoever is behind sees each step as it was, and that showing one asks the database for nothing.
 */
export const progressFeed = defineFeed('progress', {
  keepHours: 72,
  // `lesson` is the one that moved, if it was one.
  data: z.object({ enrollment: learning, progress, lesson: lesson.nullable() }),
})

export type ProgressEntry = Entry<z.output<typeof progressFeed.data>>

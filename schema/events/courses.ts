import { defineEvent } from '@stellr/kit'
import { z } from 'zod'
import { price } from './money.ts'
import { courses, courseVersions, reviews } from './topics.ts'

/** Everything that another domain may need of a course that has been published at least once. Aggregate: the course. */
const course = z.looseObject({
  courseId: z.uuid(),
  slug: z.string(),
  title: z.string(),
  instructorId: z.uuid(),
  /** ARCHIVED: nobody new may enroll. */
  status: z.enum(['PUBLISHED', 'ARCHIVED']),
  /** An amount of 0 is free. */
  price,
  /** For how many days an enrollment lasts; null: for ever. */
  accessDays: z.int().positive().nullable(),
  /** The number of the latest published version. */
  version: z.int().positive(),
  publishedAt: z.iso.datetime(),
})

/** The first publication, or another version. */
export const CoursePublished = defineEvent('course.published', 1, courses, course)

/** Something outside the outline changed: title, price, access. */
export const CourseUpdated = defineEvent('course.updated', 1, courses, course)

/** Closed to new learners. */
export const CourseArchived = defineEvent('course.archived', 1, courses, course)

/** Open again. */
export const CourseRestored = defineEvent('course.restored', 1, courses, course)

const lesson = z.looseObject({
  lessonId: z.uuid(),
  title: z.string(),
  kind: z.enum(['VIDEO', 'ARTICLE', 'DOCUMENT', 'QUIZ']),
  /** 0 when unknown. */
  durationSeconds: z.int().min(0),
  required: z.boolean(),
  freePreview: z.boolean(),
  /** Lessons of this version that must be complete first. */
  prerequisiteIds: z.array(z.uuid()),
})

/** The outline as it was frozen by a publication; it never changes. Aggregate: `<course id>:<version>`, version 1. */
export const CourseVersionPublished = defineEvent(
  'course.version_published',
  1,
  courseVersions,
  z.looseObject({
    courseId: z.uuid(),
    version: z.int().positive(),
    instructorId: z.uuid(),
    title: z.string(),
    publishedAt: z.iso.datetime(),
    /** In the order in which to learn. */
    modules: z.array(z.looseObject({ moduleId: z.uuid(), title: z.string(), lessons: z.array(lesson) })),
  }),
)

/** A learner rated a course, for the first time or again. Aggregate: the review. */
export const ReviewGiven = defineEvent(
  'review.given',
  1,
  reviews,
  z.looseObject({
    reviewId: z.uuid(),
    courseId: z.uuid(),
    userId: z.uuid(),
    stars: z.int().min(1).max(5),
    /** What the same learner gave before; null the first time. */
    previousStars: z.int().min(1).max(5).nullable(),
  }),
)

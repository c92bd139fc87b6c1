import { defineEvent } from '@stellr/kit'
import { z } from 'zod'
import { price } from './money.ts'
import { courses, courseVersions, reviews } from './topics.ts'

const course = z
  .looseObject({
    courseId: z.uuid(),
    slug: z.string(),
    title: z.string(),
    instructorId: z.uuid(),
    status: z.enum(['PUBLISHED', 'ARCHIVED']).describe('ARCHIVED: nobody new may enroll.'),
    price: price.describe('An amount of 0 is free.'),
    accessDays: z.int().positive().nullable().describe('For how many days an enrollment lasts; null: for ever.'),
    version: z.int().positive().describe('The number of the latest published version.'),
    publishedAt: z.iso.datetime(),
  })
  .meta({
    title: 'Course',
    description: 'Everything that another domain may need of a course that has been published at least once.',
  })

export const CoursePublished = defineEvent(
  'course.published',
  1,
  courses,
  course,
  'The first publication, or another version. Aggregate: the course.',
)

export const CourseUpdated = defineEvent(
  'course.updated',
  1,
  courses,
  course,
  'Something outside the outline changed: title, price, access. Aggregate: the course.',
)

export const CourseArchived = defineEvent('course.archived', 1, courses, course, 'Closed to new learners. Aggregate: the course.')

export const CourseRestored = defineEvent('course.restored', 1, courses, course, 'Open to new learners again. Aggregate: the course.')

const lesson = z.looseObject({
  lessonId: z.uuid(),
  title: z.string(),
  kind: z.enum(['VIDEO', 'ARTICLE', 'DOCUMENT', 'QUIZ']),
  durationSeconds: z.int().min(0).describe('0 when unknown.'),
  required: z.boolean().describe('Whether the course is complete only with it.'),
  freePreview: z.boolean().describe('Whether everybody may read it.'),
  prerequisiteIds: z.array(z.uuid()).describe('Lessons of this version that must be complete first.'),
})

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
    modules: z
      .array(z.looseObject({ moduleId: z.uuid(), title: z.string(), lessons: z.array(lesson) }))
      .describe('In the order in which to learn.'),
  }),
  'The outline as it was frozen by a publication; it never changes. Aggregate: `<course id>:<version>`, version 1.',
)

export const ReviewGiven = defineEvent(
  'review.given',
  1,
  reviews,
  z.looseObject({
    reviewId: z.uuid(),
    courseId: z.uuid(),
    userId: z.uuid(),
    stars: z.int().min(1).max(5),
    previousStars: z.int().min(1).max(5).nullable().describe('What the same learner gave before; null the first time.'),
  }),
  'A learner rated a course, for the first time or again. Aggregate: the review.',
)

import { defineStore, type Batching } from '@stellr/kit'
import { PrismaClient, type Prisma } from './generated/prisma/client.ts'
import { activity } from './store/activity.ts'
import { enrollments } from './store/enrollments.ts'
import { lessons } from './store/lessons.ts'
import { outlines } from './store/outlines.ts'

export type { CourseProgress as CourseProgressRow, Enrollment as EnrollmentRow, LessonKind } from './generated/prisma/client.ts'
export type { OutlineLesson as OutlineLessonRow } from './generated/prisma/client.ts'
export type { LessonProgressRow } from './store/lessons.ts'

export type Store = ReturnType<typeof build>

export const store = defineStore(PrismaClient, build)

function build(db: Prisma.TransactionClient, batching: Batching) {
  return { ...outlines(db, batching), ...enrollments(db, batching), ...lessons(db, batching), ...activity(db, batching) }
}

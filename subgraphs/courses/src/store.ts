import { defineStore, type Batching } from '@stellr/kit'
import { PrismaClient, type Prisma } from './generated/prisma/client.ts'
import { catalogueStore } from './store/catalogue.ts'
import { courses } from './store/courses.ts'
import { lessons } from './store/lessons.ts'
import { modules } from './store/modules.ts'
import { publications } from './store/publications.ts'
import { learners } from './store/learners.ts'
import { subjects } from './store/subjects.ts'

export type { CourseStatus, Difficulty, EnrollmentStatus, LessonKind } from './generated/prisma/client.ts'
export type { CourseRow } from './store/courses.ts'
export type { EnrollmentRow, ReviewRow } from './store/learners.ts'
export type { LessonRow } from './store/lessons.ts'
export type { ModuleRow } from './store/modules.ts'
export type { PublishedLessonRow, VersionRow } from './store/publications.ts'
export type { CategoryRow, TagRow } from './store/subjects.ts'

export type Store = ReturnType<typeof build>

export const store = defineStore(PrismaClient, build)

function build(db: Prisma.TransactionClient, { batch, batchMany }: Batching) {
  return {
    ...courses(db, { batch, batchMany }),
    ...modules(db, { batch, batchMany }),
    ...lessons(db, { batch, batchMany }),
    ...publications(db, { batch, batchMany }),
    ...learners(db, { batch, batchMany }),
    ...subjects(db, { batch, batchMany }),
    ...catalogueStore(db),
  }
}

import type { Batching } from '@stellr/kit'
import type { Lesson, Prisma } from '../generated/prisma/client.ts'

/** A lesson of the working copy. Its body may be long, so it is read only when somebody wants it. */
export type LessonRow = Omit<Lesson, 'body'>

const omit = { body: true } as const

/** Whoever writes holds the course's lock: places are counted, and stay without a gap. */
export function lessons(db: Prisma.TransactionClient, { batch, batchMany }: Batching) {
  return {
    /** Also an archived one. */
    lesson: batch(
      (ids) => db.lesson.findMany({ where: { id: { in: [...ids] } }, omit }),
      (lesson) => lesson.id,
    ),
    lessonBody: batch(
      (ids) => db.lesson.findMany({ where: { id: { in: [...ids] } }, select: { id: true, body: true } }),
      (lesson) => lesson.id,
    ),
    /** Those of a module that are not archived, in order. */
    lessonsOf: batchMany(
      (moduleIds) =>
        db.lesson.findMany({ where: { moduleId: { in: [...moduleIds] }, archivedAt: null }, orderBy: { position: 'asc' }, omit }),
      (lesson) => lesson.moduleId,
    ),
    /** Those of a course that are not archived, each module's in order. */
    lessonsOfCourse: (courseId: string): Promise<LessonRow[]> =>
      db.lesson.findMany({ where: { courseId, archivedAt: null }, orderBy: { position: 'asc' }, omit }),
    insertLesson: (lesson: Prisma.LessonUncheckedCreateInput): Promise<LessonRow> => db.lesson.create({ data: lesson, omit }),
    changeLesson: (id: string, changes: Prisma.LessonUncheckedUpdateInput, now: Date): Promise<LessonRow> =>
      db.lesson.update({ where: { id }, data: { ...changes, updatedAt: now }, omit }),

    /** Takes lessons out of the prerequisites of others. */
    async dropPrerequisites(courseId: string, ids: readonly string[], now: Date): Promise<void> {
      await db.$executeRaw`
        UPDATE lesson
        SET prerequisite_ids = ARRAY (
              SELECT id FROM unnest(prerequisite_ids) WITH ORDINALITY AS kept (id, place) WHERE id <> ALL (${ids}::uuid[]) ORDER BY place),
            updated_at = ${now}
        WHERE course_id = ${courseId}::uuid AND prerequisite_ids && ${ids}::uuid[]`
    },
    async archiveLessons(ids: readonly string[], now: Date): Promise<void> {
      await db.lesson.updateMany({ where: { id: { in: [...ids] } }, data: { archivedAt: now, updatedAt: now } })
    },
    /** Closes the gap that a lesson has left. */
    async closeGap({ moduleId, position }: Pick<LessonRow, 'moduleId' | 'position'>, now: Date): Promise<void> {
      await db.lesson.updateMany({
        where: { moduleId, archivedAt: null, position: { gt: position } },
        data: { position: { decrement: 1 }, updatedAt: now },
      })
    },
    async placeLessons(ids: readonly string[], now: Date): Promise<void> {
      await db.$executeRaw`
        UPDATE lesson SET position = place.position, updated_at = ${now}
        FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS place (id, position)
        WHERE lesson.id = place.id AND lesson.position <> place.position`
    },
  }
}

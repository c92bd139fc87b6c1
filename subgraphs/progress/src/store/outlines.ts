import type { Batching } from '@stellr/kit'
import type { Outline, OutlineLesson, Prisma } from '../generated/prisma/client.ts'

/** A published version of a course. */
export interface VersionKey {
  courseId: string
  version: number
}

export type NewOutline = Omit<Outline, 'createdAt'> & { lessons: Omit<OutlineLesson, 'courseId' | 'version'>[] }

export function outlines(db: Prisma.TransactionClient, { batchMany }: Batching) {
  const load = batchMany(
    (keys) => db.outlineLesson.findMany({ where: { OR: keys.map(readKey) }, orderBy: { position: 'asc' } }),
    (lesson: OutlineLesson) => writeKey(lesson),
  )
  return {
    outline: ({ courseId, version }: VersionKey): Promise<Outline | null> =>
      db.outline.findUnique({ where: { courseId_version: { courseId, version } } }),

    /** Does nothing when the version is there: it never changes. */
    async addOutline({ lessons, ...outline }: NewOutline, now: Date): Promise<void> {
      const { count } = await db.outline.createMany({ data: { ...outline, createdAt: now }, skipDuplicates: true })
      if (count === 0) return
      const { courseId, version } = outline
      await db.outlineLesson.createMany({ data: lessons.map((lesson) => ({ ...lesson, courseId, version })) })
    },

    async removeOutline({ courseId, version }: VersionKey): Promise<void> {
      await db.outline.deleteMany({ where: { courseId, version } })
    },
    /** In their order, at most `limit` that come after one. */
    outlineKeys: (after: VersionKey | null, limit: number): Promise<VersionKey[]> =>
      db.$queryRaw`
        SELECT course_id AS "courseId", version FROM outline
        WHERE ${after === null} OR (course_id, version) > (${after?.courseId ?? null}::uuid, ${after?.version ?? null}::int)
        ORDER BY course_id, version LIMIT ${limit}`,

    /** All lessons of a version, in order. */
    outlineLessons: (version: VersionKey): Promise<OutlineLesson[]> => load(writeKey(version)),

    /** Those of the lessons that a version has. */
    lessonsOf: ({ courseId, version }: VersionKey, lessonIds: readonly string[]): Promise<OutlineLesson[]> =>
      db.outlineLesson.findMany({ where: { courseId, version, lessonId: { in: [...lessonIds] } } }),

    async isLesson(lessonId: string): Promise<boolean> {
      return (await db.outlineLesson.findFirst({ where: { lessonId }, select: { lessonId: true } })) !== null
    },
  }
}

function writeKey({ courseId, version }: VersionKey): string {
  return `${courseId} ${version}`
}

function readKey(key: string): VersionKey {
  const [courseId = '', version = ''] = key.split(' ')
  return { courseId, version: Number(version) }
}

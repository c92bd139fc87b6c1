import type { Batching } from '@stellr/kit'
import type { CourseVersion, Prisma, PublishedLesson } from '../generated/prisma/client.ts'
import type { Outline } from '../frozen.ts'
import { pair, unpair } from './pairs.ts'

export type VersionRow = Omit<CourseVersion, 'outline'> & { outline: Outline }
/** A lesson as it was last published. Its body may be long, so it is read only when somebody wants it. */
export type PublishedLessonRow = Omit<PublishedLesson, 'body'>

export function publications(db: Prisma.TransactionClient, { batch }: Batching) {
  // Raw, because that says what the JSON is.
  const versions = (keys: readonly string[]): Promise<VersionRow[]> => {
    const [courseIds, numbers] = [keys.map((key) => unpair(key)[0]), keys.map((key) => Number(unpair(key)[1]))]
    return db.$queryRaw`
      SELECT course_id AS "courseId", number, title, outline, published_at AS "publishedAt", created_at AS "createdAt", updated_at AS "updatedAt"
      FROM course_version
      WHERE (course_id, number) IN (SELECT * FROM unnest(${courseIds}::uuid[], ${numbers}::integer[]))`
  }
  const loadVersion = batch(versions, ({ courseId, number }) => pair(courseId, number))

  return {
    courseVersion: (courseId: string, number: number): Promise<VersionRow | null> => loadVersion(pair(courseId, number)),
    async insertVersion({ courseId, number, title, outline, publishedAt }: Omit<VersionRow, 'createdAt' | 'updatedAt'>): Promise<void> {
      await db.$executeRaw`
        INSERT INTO course_version (course_id, number, title, outline, published_at, created_at, updated_at)
        VALUES (${courseId}::uuid, ${number}, ${title}, ${JSON.stringify(outline)}::jsonb, ${publishedAt}, ${publishedAt}, ${publishedAt})`
    },

    publishedLesson: batch(
      (ids) => db.publishedLesson.findMany({ where: { lessonId: { in: [...ids] } }, omit: { body: true } }),
      (lesson) => lesson.lessonId,
    ),
    publishedBody: batch(
      (ids) => db.publishedLesson.findMany({ where: { lessonId: { in: [...ids] } }, select: { lessonId: true, body: true } }),
      (lesson) => lesson.lessonId,
    ),

    /** Makes lessons of the working copy the published ones, within the database: their bodies are long. */
    async publishLessons(ids: readonly string[], version: number, now: Date): Promise<void> {
      await db.$executeRaw`
        INSERT INTO published_lesson AS published (lesson_id, course_id, course_version, module_id, title, kind, body, duration_seconds,
          position, required, free_preview, prerequisite_ids, created_at, updated_at)
        SELECT id, course_id, ${version}, module_id, title, kind, body, duration_seconds,
          position, required, free_preview, prerequisite_ids, ${now}, ${now}
        FROM lesson WHERE id = ANY (${ids}::uuid[])
        ON CONFLICT (lesson_id) DO UPDATE SET
          course_version = EXCLUDED.course_version, module_id = EXCLUDED.module_id, title = EXCLUDED.title, body = EXCLUDED.body,
          duration_seconds = EXCLUDED.duration_seconds, position = EXCLUDED.position, required = EXCLUDED.required,
          free_preview = EXCLUDED.free_preview, prerequisite_ids = EXCLUDED.prerequisite_ids,
          updated_at = CASE
            WHEN (published.title, published.body, published.duration_seconds, published.required, published.free_preview)
              IS DISTINCT FROM (EXCLUDED.title, EXCLUDED.body, EXCLUDED.duration_seconds, EXCLUDED.required, EXCLUDED.free_preview)
            THEN EXCLUDED.updated_at ELSE published.updated_at END`
    },
    /** Brings the bodies of published lessons up to the working copy. */
    async correctBodies(courseId: string, now: Date): Promise<void> {
      await db.$executeRaw`
        UPDATE published_lesson SET body = lesson.body, updated_at = ${now}
        FROM lesson
        WHERE lesson.id = published_lesson.lesson_id AND lesson.course_id = ${courseId}::uuid AND lesson.archived_at IS NULL
          AND lesson.body IS DISTINCT FROM published_lesson.body`
    },
  }
}

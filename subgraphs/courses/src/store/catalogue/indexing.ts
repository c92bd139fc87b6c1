import { wordsOf } from '../../catalogue/words.ts'
import type { Prisma } from '../../generated/prisma/client.ts'

/**
 * Writes what the catalogue searches of these courses, as their rows and tags stand in this transaction, and adds their words
 * to those that a mistyped one may have meant. Hold each course's lock, or nobody knows whose words are written last.
 */
export async function indexCourses(db: Prisma.TransactionClient, courseIds: readonly string[]): Promise<void> {
  const courses = await db.$queryRaw<{ id: string; title: string; description: string; tags: string[] }[]>`
    SELECT id::text, title, description,
           ARRAY(SELECT name FROM course_tag JOIN tag ON tag.id = tag_id WHERE course_id = course.id ORDER BY name) AS tags
    FROM course WHERE id = ANY (${courseIds}::uuid[])`
  const worded = courses.map(({ id, title, description, tags }) => {
    const [ofTitle, ofTags] = [wordsOf(title), wordsOf(tags.join(' '))]
    return { id, title: ofTitle, tags: ofTags, all: [...new Set([...ofTitle, ...ofTags, ...wordsOf(description)])] }
  })
  const known = new Set(worded.flatMap(({ all }) => all.filter((word) => /^\p{L}{3,}$/u.test(word))))
  // Sorted: two transactions that add the same words wait for each other, never both ways.
  await db.$executeRaw`
    WITH added AS (
      INSERT INTO catalogue_word (word) SELECT unnest(${[...known].toSorted()}::text[]) ON CONFLICT DO NOTHING
    ), worded AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(worded)}::jsonb) AS course (id uuid, title text[], tags text[], "all" text[])
    )
    UPDATE course
    SET document = catalogue_lexemes(worded."all"),
        headline = setweight(catalogue_vector(worded.title), 'A') || setweight(catalogue_vector(worded.tags), 'B')
    FROM worded WHERE worded.id = course.id`
}

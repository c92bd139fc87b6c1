import { Prisma } from '../../generated/prisma/client.ts'

/** How many similar words are considered for one. */
const SIMILAR = Prisma.raw('50')

/** Those of the words that find no course, each with the words of the catalogue that are written most like it. */
export function misspelled(words: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    SELECT sought.word, similar_words.word AS meant
    FROM unnest(catalogue_sought(${words}::text[])) AS sought(word)
      LEFT JOIN LATERAL (SELECT word FROM catalogue_word ORDER BY word <-> sought.word LIMIT ${SIMILAR}) AS similar_words ON true
    WHERE NOT ${finds(Prisma.sql`catalogue_query(ARRAY[sought.word])`)}`
}

/** The first of the words that finds a course: one that courses had once may find none any more. */
export function firstFound(words: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    SELECT word FROM unnest(${words}::text[]) AS known(word) WHERE ${finds(Prisma.sql`catalogue_whole(word)::tsquery`)} LIMIT 1`
}

// Not EXISTS: to find only one the planner would rather read the table, and for a word that is not there read it to the end.
function finds(query: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(
    (SELECT count(*) FROM (SELECT FROM course WHERE status = 'PUBLISHED' AND document @@ ${query} LIMIT 1000) AS courses) > 0
  )`
}

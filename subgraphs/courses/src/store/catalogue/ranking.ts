import type { SortKey, Wanted } from '../../catalogue/query.ts'
import { Prisma } from '../../generated/prisma/client.ts'
import { courseColumns } from '../courses.ts'
import { and, filtered } from './conditions.ts'

/** How many that have every word in title and tags are ranked at most, and how many that have them anywhere. */
const CANDIDATES = Prisma.raw('2000')
/** A word is common when this many of so many popular courses have it: then its candidates are sought among the most popular. */
const [COMMON, SAMPLE, POPULAR] = [Prisma.raw('8'), Prisma.raw('40'), Prisma.raw('1000')]

/**
 * A page of the courses wanted, best match first: by how well title and tags answer, then by popularity. However many match, a
 * bounded number is read and ranked: those that have every word in title and tags, those that have them anywhere, and, where an
 * index would name a good part of all courses, those among the most popular instead.
 */
export function ranking({ words, filter }: Wanted, { limit, after }: { limit: number; after: SortKey | null }): Prisma.Sql {
  const andFiltered = and(filtered(filter))
  const behind = after
    ? Prisma.sql`WHERE (rank, learners, course_id) < (${after[0]}::int, ${after[1]}::int, ${after[2]}::uuid)`
    : Prisma.empty
  const ranked = Prisma.sql`
    SELECT id AS course_id, learner_count AS learners,
           round(10 * (ts_rank(headline, (SELECT beginnings FROM sought)) + ts_rank(headline, (SELECT wholes FROM sought))))::int AS rank`
  return Prisma.sql`
    WITH sought AS MATERIALIZED (
      SELECT catalogue_query(words) AS every, catalogue_beginnings(words) AS beginnings, catalogue_wholes(words) AS wholes
      FROM (SELECT ${words ?? []}::text[] AS words) AS searched
    ), sample AS MATERIALIZED (
      SELECT count(*) FILTER (WHERE headline @@ (SELECT every FROM sought)) >= ${COMMON} AS in_titles, count(*) >= ${COMMON} AS anywhere
      FROM ${mostPopular(SAMPLE)} WHERE document @@ (SELECT every FROM sought) ${andFiltered}
    ), titled AS MATERIALIZED (
      ${ranked} FROM course
      WHERE NOT (SELECT in_titles FROM sample)
        AND status = 'PUBLISHED' AND headline @@ (SELECT every FROM sought) ${andFiltered} LIMIT ${CANDIDATES}
    ), described AS MATERIALIZED (
      ${ranked} FROM course
      WHERE NOT (SELECT anywhere FROM sample) AND (SELECT count(*) FROM titled) < ${CANDIDATES}
        AND status = 'PUBLISHED' AND document @@ (SELECT every FROM sought) ${andFiltered} LIMIT ${CANDIDATES}
    ), popular AS MATERIALIZED (
      ${ranked} FROM ${mostPopular(POPULAR)}
      WHERE ((SELECT anywhere FROM sample)
             OR (SELECT count(*) FROM titled) = ${CANDIDATES} OR (SELECT count(*) FROM described) = ${CANDIDATES})
        AND document @@ (SELECT every FROM sought) ${andFiltered}
    ), found AS (
      SELECT * FROM (SELECT * FROM titled UNION SELECT * FROM described UNION SELECT * FROM popular) AS candidates
      ${behind} ORDER BY rank DESC, learners DESC, course_id DESC LIMIT ${limit}
    )
    SELECT ${courseColumns}, rank FROM found JOIN course ON course.id = course_id
    ORDER BY rank DESC, learners DESC, course_id DESC`
}

function mostPopular(count: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(SELECT * FROM course WHERE status = 'PUBLISHED' ORDER BY learner_count DESC, id DESC LIMIT ${count}) AS course`
}

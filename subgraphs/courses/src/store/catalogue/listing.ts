import { MAX_PAGE_SIZE } from '@stellr/kit'
import type { Sort, SortKey, Wanted } from '../../catalogue/query.ts'
import { Prisma } from '../../generated/prisma/client.ts'
import { courseColumns } from '../courses.ts'
import { and, matching, priced } from './conditions.ts'

/** How many rows of an order are looked through before the indexes of search and filter are asked. */
const LOOK_AHEAD = Prisma.raw('500')
// Written into the statement: of a parameter the planner supposes a tenth of the table, and sorts it.
const LONGEST_PAGE = Prisma.raw(`${MAX_PAGE_SIZE + 1}`)

export type ListedSort = Exclude<Sort, 'RELEVANCE'>

// Each is the expression of an index; the id comes after it, in the same direction.
const orders: Record<ListedSort, { key: Prisma.Sql; type: Prisma.Sql; way: Prisma.Sql; beyond: Prisma.Sql }> = {
  NEWEST: { ...falling(), key: Prisma.sql`published_at`, type: Prisma.sql`timestamptz` },
  RATING: { ...falling(), key: Prisma.sql`coalesce(rating, -1)`, type: Prisma.sql`int` },
  POPULARITY: { ...falling(), key: Prisma.sql`learner_count`, type: Prisma.sql`int` },
  PRICE: { key: Prisma.sql`price_amount`, type: Prisma.sql`int`, way: Prisma.sql`ASC`, beyond: Prisma.sql`>` },
}

/**
 * A page of the courses wanted, in an order. It is quick whether many or few match: it looks through the next courses of the
 * order, and only when these are too few for a page finds all that match by other indexes and sorts them. The shape of the
 * statement decides this while it runs, because no estimate is good for both.
 */
export function listing(wanted: Wanted, sort: ListedSort, { limit, after }: { limit: number; after: SortKey | null }): Prisma.Sql {
  const { key, type, way, beyond } = orders[sort]
  const inOrder = Prisma.sql`ORDER BY ${key} ${way}, id ${way}`
  const behind = after ? Prisma.sql`AND (${key}, id) ${beyond} (${after[0]}::${type}, ${after[1]}::uuid)` : Prisma.empty
  const conditions = matching(wanted)
  // Otherwise somebody who sorts by price and wants no free course would look ahead at nothing but free ones.
  const within = sort === 'PRICE' ? and(priced(wanted.filter)) : Prisma.empty
  const found =
    conditions.length === 0
      ? Prisma.sql`found AS (
          SELECT * FROM (
            SELECT id AS course_id, ${key} AS key FROM course WHERE status = 'PUBLISHED' ${behind} ${inOrder} LIMIT ${LONGEST_PAGE}
          ) AS next ORDER BY key ${way}, course_id ${way} LIMIT ${limit}
        )`
      : Prisma.sql`ahead AS MATERIALIZED (
          SELECT * FROM course WHERE status = 'PUBLISHED' ${behind} ${within} ${inOrder} LIMIT ${LOOK_AHEAD}
        ), near AS MATERIALIZED (
          SELECT id AS course_id, ${key} AS key FROM ahead AS course WHERE true ${and(conditions)} ${inOrder} LIMIT ${limit}
        ), far AS MATERIALIZED (
          SELECT id AS course_id, ${key} AS key FROM course
          WHERE CASE WHEN (SELECT count(*) FROM near) < ${limit} THEN (SELECT count(*) FROM ahead) = ${LOOK_AHEAD} ELSE false END
            AND status = 'PUBLISHED' ${behind} ${and(conditions)}
        ), found AS (
          SELECT * FROM near UNION SELECT * FROM far ORDER BY key ${way}, course_id ${way} LIMIT ${limit}
        )`
  return Prisma.sql`
    WITH ${found}
    SELECT ${courseColumns}, key FROM found JOIN course ON course.id = course_id
    ORDER BY key ${way}, course_id ${way}`
}

function falling() {
  return { way: Prisma.sql`DESC`, beyond: Prisma.sql`<` }
}

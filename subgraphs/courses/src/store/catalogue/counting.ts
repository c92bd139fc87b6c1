import { MOST_COUNTED, type Wanted } from '../../catalogue/query.ts'
import { Prisma } from '../../generated/prisma/client.ts'
import { and, matching } from './conditions.ts'

const cap = Prisma.raw(`${MOST_COUNTED}`)

/** Counts the courses wanted in every way that facets show, in one statement. */
export function counting(wanted: Wanted): Prisma.Sql {
  return Prisma.sql`
    WITH found AS MATERIALIZED (
      SELECT id, category_id, difficulty, price_amount FROM course WHERE status = 'PUBLISHED' ${and(matching(wanted))} LIMIT ${cap} + 1
    ), counted AS MATERIALIZED (
      SELECT * FROM found LIMIT ${cap}
    )
    SELECT 'found' AS facet, NULL AS value, count(*)::int AS count FROM found
    UNION ALL SELECT 'free', NULL, count(*)::int FROM counted WHERE price_amount = 0
    UNION ALL SELECT 'difficulty', difficulty::text, count(*)::int FROM counted GROUP BY difficulty
    UNION ALL SELECT 'category', category_id::text, count(*)::int FROM counted WHERE category_id IS NOT NULL GROUP BY category_id
    UNION ALL (
      SELECT 'tag', tag_id::text, count(*)::int FROM counted JOIN course_tag ON course_id = counted.id
      GROUP BY tag_id ORDER BY count(*) DESC, tag_id LIMIT 50
    )`
}

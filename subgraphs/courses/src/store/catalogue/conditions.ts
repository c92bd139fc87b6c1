import type { Filter, Wanted } from '../../catalogue/query.ts'
import { Prisma } from '../../generated/prisma/client.ts'

/** What the filter asks of a row of `course`. */
export function filtered({ categoryIds, tagIds, difficulties, instructorIds, ...prices }: Filter): Prisma.Sql[] {
  const asked = priced(prices)
  if (categoryIds) asked.push(Prisma.sql`category_id = ANY (${categoryIds}::uuid[])`)
  if (tagIds) asked.push(Prisma.sql`EXISTS (SELECT FROM course_tag WHERE course_id = course.id AND tag_id = ANY (${tagIds}::uuid[]))`)
  if (difficulties) asked.push(Prisma.sql`difficulty = ANY (${difficulties}::"Difficulty"[])`)
  if (instructorIds) asked.push(Prisma.sql`instructor_id = ANY (${instructorIds}::uuid[])`)
  return asked
}

/** What it asks of the price: an order by price begins and ends there. */
export function priced({ free, maxPrice }: Pick<Filter, 'free' | 'maxPrice'>): Prisma.Sql[] {
  const asked: Prisma.Sql[] = []
  if (free !== null) asked.push(free ? Prisma.sql`price_amount = 0` : Prisma.sql`price_amount > 0`)
  if (maxPrice) {
    const { amount, currency } = maxPrice
    // The first part says nothing that the second does not, but an index can end with it.
    asked.push(Prisma.sql`price_amount <= ${amount}::int AND (price_amount = 0 OR price_currency = ${currency})`)
  }
  return asked
}

/**
 * What search and filter ask of a row of `course`. The search stands in a SELECT of its own so that the planner does not see
 * it: an estimate from a common word could make it read and unpack the document of every course instead of the index.
 */
export function matching({ words, filter }: Wanted): Prisma.Sql[] {
  return [...(words ? [Prisma.sql`document @@ (SELECT catalogue_query(${words}::text[]))`] : []), ...filtered(filter)]
}

/** Conditions after another one. */
export function and(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`AND ${Prisma.join([...conditions], ' AND ')}`
}

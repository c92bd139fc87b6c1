import type { CourseSort, Difficulty } from '../generated/graphql.ts'

/** How many courses facets are counted over at most. */
export const MOST_COUNTED = 10_000

export type Sort = CourseSort

/** What must hold of a course. Null asks for nothing; a list asks for any one of it, and an empty list matches nothing. */
export interface Filter {
  readonly categoryIds: readonly string[] | null
  readonly tagIds: readonly string[] | null
  readonly difficulties: readonly Difficulty[] | null
  readonly instructorIds: readonly string[] | null
  readonly free: boolean | null
  readonly maxPrice: { readonly amount: number; readonly currency: string } | null
}

/** Which courses to find: those that have every word (null: no search) and pass the filter. */
export interface Wanted {
  readonly words: readonly string[] | null
  readonly filter: Filter
}

/** Where a course stands in an order, ending in its id: a page goes on after it. */
export type SortKey = readonly (string | number)[]

import { createHash } from 'node:crypto'
import { DomainError, parseInput } from '@stellr/kit'
import { z } from 'zod'
import type { CourseFilter, QueryCoursesArgs } from '../generated/graphql.ts'
import type { Filter, Sort, Wanted } from './query.ts'
import { soughtWords } from './words.ts'

const ids = z.array(z.string()).max(50).nullish()

const searchInput = z.string().max(200).nullish()
const filterInput = z
  .object({
    categoryIds: ids,
    tagIds: ids,
    difficulties: z
      .array(z.enum(['BEGINNER', 'INTERMEDIATE', 'ADVANCED']))
      .max(50)
      .nullish(),
    instructorId: z.string().nullish(),
    free: z.boolean().nullish(),
    maxPrice: z.object({ amount: z.int().min(0).max(100_000_000), currency: z.string() }).nullish(),
  })
  .nullish()

/** What is asked of the catalogue, with everything that means the same written the same way. */
export interface CatalogueRequest {
  wanted: Wanted
  sort: Sort
  /** The same for the same search and filter, and no other. */
  digest: string
}

/** Throws BAD_USER_INPUT for what the SDL does not allow. */
export function readRequest({ search, filter, sort }: QueryCoursesArgs): CatalogueRequest {
  const wanted = {
    words: wordsIn(parseInput(searchInput, search, 'search')),
    filter: filterIn(parseInput(filterInput, filter, 'filter') ?? {}),
  }
  if (sort === 'RELEVANCE' && !wanted.words) {
    throw new DomainError('BAD_USER_INPUT', [{ path: 'sort', rule: 'search', message: 'RELEVANCE needs a search' }])
  }
  return { wanted, sort: sort ?? (wanted.words ? 'RELEVANCE' : 'NEWEST'), digest: digestOf(wanted) }
}

/** The same for the same courses wanted. */
export function digestOf(wanted: Wanted): string {
  return createHash('sha256').update(JSON.stringify(wanted)).digest('base64url').slice(0, 22)
}

// Blank is no search, as an empty field of a form. A search that has signs and no word finds nothing.
function wordsIn(search: string | null | undefined): string[] | null {
  return search == null || search.trim() === '' ? null : soughtWords(search)
}

function filterIn({ categoryIds, tagIds, difficulties, instructorId, free, maxPrice }: CourseFilter): Filter {
  return {
    categoryIds: listIn(categoryIds, isId),
    tagIds: listIn(tagIds, isId),
    difficulties: listIn(difficulties, () => true),
    instructorIds: instructorId == null ? null : listIn([instructorId], isId),
    free: free ?? null,
    maxPrice: maxPrice ?? null,
  }
}

// Whoever ticks nothing in a list of a form has asked for nothing. An id that cannot be one is an id that nothing has.
function listIn<Item extends string>(items: readonly Item[] | null | undefined, isPossible: (item: Item) => boolean): Item[] | null {
  return items == null || items.length === 0 ? null : [...new Set(items.filter(isPossible))].toSorted()
}

function isId(id: string): boolean {
  return z.uuid().safeParse(id).success
}

import { momentKey, page, type Connection, type PageQuery } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { QueryCoursesArgs } from '../generated/graphql.ts'
import type { CourseRow } from '../models.ts'
import type { Sort, SortKey, Wanted } from './query.ts'
import { readRequest } from './request.ts'
import { nearest } from './spelling.ts'

/** A page of the catalogue, and what its facets are to be counted over. */
export interface CataloguePage extends Connection<CourseRow> {
  wanted: Wanted
  correctedSearch: string | null
}

/** How many spellings of a word are tried. */
const CONSIDERED = 5

interface Found {
  course: CourseRow
  key: SortKey
}

/** Published courses: searched, filtered and sorted. Open to everybody. */
export async function listCatalogue(context: Context, args: QueryCoursesArgs): Promise<CataloguePage> {
  const { wanted, sort, digest } = readRequest(args)
  const order = { name: `catalogue:${sort}:${digest}`, key: keys[sort], of: ({ key }: Found): SortKey => key }
  const read = (sought: Wanted) => page(args, order, (query) => find(context, sought, sort, query))

  const first = await read(wanted)
  // Only an empty page asks whether something is mistyped: a search that finds anything pays nothing for it.
  const corrected = first.edges.length === 0 && !first.pageInfo.hasNextPage ? await correct(context, wanted) : null
  const { edges, pageInfo } = corrected ? await read(corrected) : first
  return {
    edges: edges.map(({ cursor, node }) => ({ cursor, node: node.course })),
    pageInfo,
    wanted: corrected ?? wanted,
    correctedSearch: corrected ? corrected.words.join(' ') : null,
  }
}

// Whoever makes up a cursor gets past its name, but not these: nothing that Postgres could choke on.
const keys: Record<Sort, z.ZodType<SortKey, SortKey>> = {
  RELEVANCE: z.tuple([z.int32(), z.int32(), z.uuid()]),
  NEWEST: z.tuple([momentKey, z.uuid()]),
  RATING: z.tuple([z.int32(), z.uuid()]),
  POPULARITY: z.tuple([z.int32(), z.uuid()]),
  PRICE: z.tuple([z.int32(), z.uuid()]),
}

async function find({ store }: Context, wanted: Wanted, sort: Sort, query: PageQuery<SortKey>): Promise<Found[]> {
  if (sort === 'RELEVANCE') {
    const ranked = await store.rankedCourses(wanted, query)
    return ranked.map(({ rank, ...course }) => ({ course, key: [rank, course.learnerCount, course.id] }))
  }
  const listed = await store.listedCourses(wanted, sort, query)
  return listed.map(({ key, ...course }) => ({ course, key: [key instanceof Date ? key.toISOString() : key, course.id] }))
}

/** The same with each word that finds nothing replaced by what was probably meant; null when that helps nobody. */
async function correct({ store }: Context, { words, filter }: Wanted): Promise<(Wanted & { words: string[] }) | null> {
  if (!words || words.length === 0) return null
  const misspelled = Map.groupBy(await store.misspelled(words), ({ word }) => word)
  if (misspelled.size === 0) return null
  const meant = await Promise.all(
    words.map(async (word) => {
      const similar = misspelled.get(word)
      return similar
        ? store.firstFound(
            nearest(
              word,
              similar.flatMap(({ meant }) => meant ?? []),
            ).slice(0, CONSIDERED),
          )
        : word
    }),
  )
  return meant.every((word) => word !== null) ? { words: [...new Set(meant)], filter } : null
}

import type { SortKey, Wanted } from '../catalogue/query.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { firstFound, misspelled } from './catalogue/correcting.ts'
import { counting } from './catalogue/counting.ts'
import { indexCourses } from './catalogue/indexing.ts'
import { listing, type ListedSort } from './catalogue/listing.ts'
import { ranking } from './catalogue/ranking.ts'
import type { CourseRow } from './courses.ts'

interface Page {
  limit: number
  after: SortKey | null
}

/** One count of one facet. */
export interface FacetCount {
  facet: 'found' | 'free' | 'difficulty' | 'category' | 'tag'
  /** Which difficulty, category or tag. */
  value: string | null
  count: number
}

/** How published courses are searched. */
export function catalogueStore(db: Prisma.TransactionClient) {
  return {
    /** Brings what the catalogue searches of a course up to date with its row and tags. Hold the course's lock. */
    indexCourse: (courseId: string): Promise<void> => indexCourses(db, [courseId]),
    /** The same for many: two statements however many they are. */
    indexCourses: (courseIds: readonly string[]): Promise<void> => indexCourses(db, courseIds),

    /** The courses wanted, in an order; each with the key that it stands at. */
    listedCourses: (wanted: Wanted, sort: ListedSort, page: Page): Promise<(CourseRow & { key: Date | number })[]> =>
      db.$queryRaw(listing(wanted, sort, page)),
    /** The courses wanted, best match first. */
    rankedCourses: (wanted: Wanted, page: Page): Promise<(CourseRow & { rank: number })[]> => db.$queryRaw(ranking(wanted, page)),
    /** What has no course is left out, and all tags but the fifty most frequent. */
    facetCounts: (wanted: Wanted): Promise<FacetCount[]> => db.$queryRaw(counting(wanted)),
    /** The words among these that find nothing, each with every word that is written like it, or with null. */
    misspelled: (words: readonly string[]): Promise<{ word: string; meant: string | null }[]> => db.$queryRaw(misspelled(words)),
    /** The first of these words that finds a course; null when none does. */
    async firstFound(words: readonly string[]): Promise<string | null> {
      const [found] = await db.$queryRaw<{ word: string }[]>(firstFound(words))
      return found?.word ?? null
    },
  }
}

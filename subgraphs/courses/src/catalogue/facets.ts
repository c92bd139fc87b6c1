import type { Context } from '../context.ts'
import type { Difficulty } from '../generated/graphql.ts'
import type { CategoryRow, TagRow } from '../models.ts'
import type { FacetCount } from '../store/catalogue.ts'
import { MOST_COUNTED, type Wanted } from './query.ts'
import { digestOf } from './request.ts'

const difficulties: readonly Difficulty[] = ['BEGINNER', 'INTERMEDIATE', 'ADVANCED']

export interface Facets {
  total: number
  capped: boolean
  categories: { category: CategoryRow; count: number }[]
  tags: { tag: TagRow; count: number }[]
  difficulties: { difficulty: Difficulty; count: number }[]
  free: number
  paid: number
}

/** How the courses wanted divide, as they did up to half a minute ago. */
export function countFacets(context: Context, wanted: Wanted): Promise<Facets> {
  return context.services.facets.get(digestOf(wanted), () => count(context, wanted))
}

async function count({ store }: Context, wanted: Wanted): Promise<Facets> {
  const counts = Map.groupBy(await store.facetCounts(wanted), ({ facet }) => facet)
  const by = (facet: FacetCount['facet']) => new Map(counts.get(facet)?.map(({ value, count }) => [value ?? '', count]))
  const [ofCategories, ofTags, ofDifficulties] = [by('category'), by('tag'), by('difficulty')]
  const [found, free] = [by('found').get('') ?? 0, by('free').get('') ?? 0]
  const [categories, tags] = await Promise.all([
    Promise.all([...ofCategories.keys()].map((id) => store.category(id))),
    store.existingTags([...ofTags.keys()]),
  ])
  const total = Math.min(found, MOST_COUNTED)
  return {
    total,
    capped: found > MOST_COUNTED,
    categories: categories
      .flatMap((category) => (category ? [{ category, count: ofCategories.get(category.id) ?? 0 }] : []))
      .toSorted((a, b) => b.count - a.count || byName(a.category, b.category)),
    tags: tags.map((tag) => ({ tag, count: ofTags.get(tag.id) ?? 0 })).toSorted((a, b) => b.count - a.count || byName(a.tag, b.tag)),
    difficulties: difficulties.flatMap((difficulty) => {
      const count = ofDifficulties.get(difficulty)
      return count ? [{ difficulty, count }] : []
    }),
    free,
    paid: total - free,
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}

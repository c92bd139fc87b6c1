import { z } from 'zod'
import type { Context } from '../context.ts'
import { categorySlug, uniqueName } from '../inputs.ts'
import type { CategoryRow } from '../models.ts'
import { slugOf, underFreeSlug } from '../slug.ts'
import { administer, orTaken } from './administer.ts'

export const input = z.object({ name: uniqueName(100), slug: categorySlug.nullish() })

/** Adds a category. */
export async function createCategory(context: Context, { name, slug }: z.output<typeof input>): Promise<{ category: CategoryRow }> {
  const insert = (chosen: string) =>
    administer(context, 'createCategory', 'Category', async (tx, now) => {
      const category = await tx.insertCategory({ id: context.random.id(), name, slug: chosen, createdAt: now, updatedAt: now })
      return { result: category, subjectId: category.id, before: null, after: { name, slug: chosen } }
    })
  const saving = slug == null ? underFreeSlug(slugOf(name, 'category'), 'category_slug_key', context.random, insert) : insert(slug)
  return { category: await orTaken(saving, { category_name_key: { name }, category_slug_key: { slug } }) }
}

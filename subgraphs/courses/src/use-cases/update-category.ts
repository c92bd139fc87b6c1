import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { categorySlug, id, uniqueName } from '../inputs.ts'
import type { CategoryRow } from '../models.ts'
import { administer, orTaken } from './administer.ts'

export const input = z.object({ categoryId: id, name: uniqueName(100).optional(), slug: categorySlug.optional() })

/** Renames a category. */
export async function updateCategory(
  context: Context,
  { categoryId, ...changes }: z.output<typeof input>,
): Promise<{ category: CategoryRow }> {
  const saving = administer(context, 'updateCategory', 'Category', async (tx, now) => {
    const before = await tx.lockCategory(categoryId)
    if (!before) throw new DomainError('NOT_FOUND')
    const category = await tx.changeCategory(categoryId, changes, now)
    return { result: category, subjectId: categoryId, before: factsOf(before), after: factsOf(category) }
  })
  const taken = { category_name_key: { name: changes.name }, category_slug_key: { slug: changes.slug } }
  return { category: await orTaken(saving, taken) }
}

export function factsOf({ name, slug }: CategoryRow) {
  return { name, slug }
}

import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { id } from '../inputs.ts'
import { administer } from './administer.ts'
import { factsOf } from './update-category.ts'

export const input = z.object({ categoryId: id })

/** Removes a category that no course is in. */
export async function deleteCategory(context: Context, { categoryId }: z.output<typeof input>): Promise<{ deletedId: string }> {
  return administer(context, 'deleteCategory', 'Category', async (tx) => {
    // Under this lock no course can be put into it, as that would have to see that the category stays.
    const before = await tx.lockCategory(categoryId)
    if (!before) throw new DomainError('NOT_FOUND')
    if (await tx.isCategoryInUse(categoryId)) throw new DomainError('CONFLICT', { reason: 'IN_USE' }, 'There are courses in this category.')
    await tx.deleteCategory(categoryId)
    return { result: { deletedId: categoryId }, subjectId: categoryId, before: factsOf(before), after: null }
  })
}

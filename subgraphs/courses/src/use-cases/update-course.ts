import { DomainError, uniqueViolation } from '@stellr/kit'
import { z } from 'zod'
import { author, saveCourse } from '../authoring.ts'
import type { Context, Tx } from '../context.ts'
import { accessDays, coverImageUrl, description, difficulty, id, price, slug, title } from '../inputs.ts'
import type { CourseRow } from '../models.ts'

export const input = z.object({
  courseId: id,
  title: title.optional(),
  description: description.optional(),
  categoryId: id.nullish(),
  difficulty: difficulty.optional(),
  price: price.optional(),
  accessDays,
  slug: slug.optional(),
  coverImageUrl,
})

/** Changes what is given, at once. */
export async function updateCourse(
  context: Context,
  { courseId, price: cost, ...given }: z.output<typeof input>,
): Promise<{ course: CourseRow }> {
  const changes = { ...given, ...(cost && { priceAmount: cost.amount, priceCurrency: cost.currency }) }
  const saving = author(context, 'updateCourse', courseId, async (edit) => {
    if (Object.keys(changes).length === 0) return edit.course
    await requireCategory(edit.tx, changes.categoryId)
    return saveCourse(edit, changes)
  })
  return { course: await orTaken(saving, given.slug) }
}

/** Throws BAD_USER_INPUT unless there is such a category, which then stays until the transaction ends. */
export async function requireCategory(tx: Tx, categoryId: string | null | undefined): Promise<void> {
  if (categoryId == null || (await tx.keepCategory(categoryId))) return
  throw new DomainError('BAD_USER_INPUT', [{ path: 'input.categoryId', rule: 'unknown', message: 'must be a category' }])
}

/** Waits until a course is saved under a slug that somebody chose. Throws CONFLICT when another course has it. */
export async function orTaken<T>(saving: Promise<T>, slug: string | null | undefined): Promise<T> {
  try {
    return await saving
  } catch (error) {
    if (uniqueViolation(error) === SLUG_INDEX) throw new DomainError('CONFLICT', { slug }, 'This slug is taken.')
    throw error
  }
}

/** The index that finds a slug taken. */
export const SLUG_INDEX = 'course_slug_key'

import { z } from 'zod'
import { spendChange } from '../authoring.ts'
import type { Context } from '../context.ts'
import { accessDays, coverImageUrl, description, difficulty, id, price, slug, title } from '../inputs.ts'
import type { CourseRow } from '../models.ts'
import { slugOf, underFreeSlug } from '../slug.ts'
import { orTaken, requireCategory, SLUG_INDEX } from './update-course.ts'

export const input = z.object({
  title,
  description,
  categoryId: id.nullish(),
  difficulty: difficulty.nullish(),
  price: price.nullish(),
  accessDays,
  slug: slug.nullish(),
  coverImageUrl,
})

const FREE = { amount: 0, currency: 'EUR' }

/** Starts a draft of the caller's. */
export async function createCourse(context: Context, given: z.output<typeof input>): Promise<{ course: CourseRow }> {
  const instructorId = await spendChange(context)
  const { categoryId = null, slug: wanted } = given
  const { amount, currency } = given.price ?? FREE
  const insert = (chosen: string) =>
    context.store.transaction(async (tx) => {
      const now = context.clock.now()
      await requireCategory(tx, categoryId)
      const course = await tx.insertCourse({
        id: context.random.id(),
        slug: chosen,
        title: given.title,
        description: given.description,
        instructorId,
        categoryId,
        difficulty: given.difficulty ?? 'BEGINNER',
        priceAmount: amount,
        priceCurrency: currency,
        accessDays: given.accessDays ?? null,
        coverImageUrl: given.coverImageUrl ?? null,
        createdAt: now,
        updatedAt: now,
      })
      await tx.indexCourse(course.id)
      return course
    })
  const saving =
    wanted == null ? underFreeSlug(slugOf(given.title, 'course'), SLUG_INDEX, context.random, insert) : orTaken(insert(wanted), wanted)
  return { course: await saving }
}

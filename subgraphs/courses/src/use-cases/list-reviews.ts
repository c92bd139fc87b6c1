import { type Connection, momentKey, page, type PageArgs } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { CourseRow, ReviewRow } from '../models.ts'

const newestFirst = {
  name: 'reviews',
  key: z.tuple([momentKey, z.uuid()]),
  of: ({ createdAt, id }: ReviewRow): [string, string] => [createdAt.toISOString(), id],
}

/** What learners think of a course, for whoever sees the course. */
export function listReviews({ store }: Context, { id }: CourseRow, args: PageArgs): Promise<Connection<ReviewRow>> {
  return page(args, newestFirst, (query) => store.reviewsOf(id, query))
}

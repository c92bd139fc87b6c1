import { type Connection, momentKey, page, type PageArgs } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { CourseRow, UserRef } from '../models.ts'
import { isStaff } from '../policy.ts'

const newestFirst = {
  name: 'taughtCourses',
  key: z.tuple([momentKey, z.uuid()]),
  of: ({ createdAt, id }: CourseRow): [string, string] => [createdAt.toISOString(), id],
}

/** What somebody teaches: to others only what is published. */
export function listTaughtCourses({ store, viewer }: Context, { id }: UserRef, args: PageArgs): Promise<Connection<CourseRow>> {
  const published = !isStaff(viewer, { instructorId: id })
  return page(args, newestFirst, ({ limit, after }) => store.coursesTaughtBy(id, { limit, after, published }))
}

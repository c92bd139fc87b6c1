import { z } from 'zod'
import { author } from '../authoring.ts'
import type { Context } from '../context.ts'
import { id } from '../inputs.ts'
import { requireStatus } from '../status.ts'

export const input = z.object({ courseId: id })

/** Deletes a draft. Nobody else knows of it, so nobody is told. */
export async function deleteCourse(context: Context, { courseId }: z.output<typeof input>): Promise<{ deletedId: string }> {
  await author(context, 'deleteCourse', courseId, async ({ tx, course }) => {
    requireStatus('delete', course)
    await tx.deleteCourse(course.id)
  })
  return { deletedId: courseId }
}

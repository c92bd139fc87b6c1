import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { id } from '../inputs.ts'
import { administer } from './administer.ts'

export const input = z.object({ tagId: id })

/** Removes a tag, also from the courses that have it: they are not found by it any more. */
export async function deleteTag(context: Context, { tagId }: z.output<typeof input>): Promise<{ deletedId: string }> {
  return administer(context, 'deleteTag', 'Tag', async (tx) => {
    await tx.lockTags('ALONE')
    const before = await tx.tag(tagId)
    if (!before) throw new DomainError('NOT_FOUND')
    const courseIds = await tx.lockCoursesWithTag(tagId)
    await tx.deleteTag(tagId)
    await tx.indexCourses(courseIds)
    return { result: { deletedId: tagId }, subjectId: tagId, before: { name: before.name }, after: null }
  })
}

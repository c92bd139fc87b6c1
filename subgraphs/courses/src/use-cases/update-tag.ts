import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { id, uniqueName } from '../inputs.ts'
import type { TagRow } from '../models.ts'
import { administer, orTaken } from './administer.ts'

export const input = z.object({ tagId: id, name: uniqueName(50) })

/** Renames a tag: the courses that have it are found by the new name. */
export async function updateTag(context: Context, { tagId, name }: z.output<typeof input>): Promise<{ tag: TagRow }> {
  const saving = administer(context, 'updateTag', 'Tag', async (tx, now) => {
    await tx.lockTags('ALONE')
    const before = await tx.tag(tagId)
    if (!before) throw new DomainError('NOT_FOUND')
    const courseIds = await tx.lockCoursesWithTag(tagId)
    const tag = await tx.renameTag(tagId, name, now)
    await tx.indexCourses(courseIds)
    return { result: tag, subjectId: tagId, before: { name: before.name }, after: { name } }
  })
  return { tag: await orTaken(saving, { tag_name_key: { name } }) }
}

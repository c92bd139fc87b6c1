import { z } from 'zod'
import type { Context } from '../context.ts'
import { uniqueName } from '../inputs.ts'
import type { TagRow } from '../models.ts'
import { administer, orTaken } from './administer.ts'

export const input = z.object({ name: uniqueName(50) })

/** Adds a tag. */
export async function createTag(context: Context, { name }: z.output<typeof input>): Promise<{ tag: TagRow }> {
  const saving = administer(context, 'createTag', 'Tag', async (tx, now) => {
    const tag = await tx.insertTag({ id: context.random.id(), name, createdAt: now, updatedAt: now })
    return { result: tag, subjectId: tag.id, before: null, after: { name } }
  })
  return { tag: await orTaken(saving, { tag_name_key: { name } }) }
}

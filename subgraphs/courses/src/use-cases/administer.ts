import { DomainError, isAdmin, uniqueViolation } from '@stellr/kit'
import { recordDeed } from '@stellr/schema/events/audit'
import { spendChange } from '../authoring.ts'
import type { Context, Tx } from '../context.ts'

type Facts = Record<string, string>

/** What an administrator did, for the audit log. */
export interface Deed<T> {
  result: T
  subjectId: string
  before: Facts | null
  after: Facts | null
}

/** Lets an administrator change what all courses share, and keeps it for the audit log. */
export async function administer<T>(
  context: Context,
  action: string,
  subjectType: 'Category' | 'Tag',
  work: (tx: Tx, now: Date) => Promise<Deed<T>>,
): Promise<T> {
  if (!isAdmin(context.viewer)) throw new DomainError('FORBIDDEN')
  await spendChange(context)
  return context.store.transaction(async (tx) => {
    const { result, ...deed } = await work(tx, context.clock.now())
    await recordDeed(tx, context, { action, subjectType, ...deed })
    return result
  })
}

/** Waits for what is saved. Throws CONFLICT with what is taken, by the name of the index that says so. */
export async function orTaken<T>(saving: Promise<T>, taken: Record<string, Record<string, unknown>>): Promise<T> {
  try {
    return await saving
  } catch (error) {
    const details = taken[uniqueViolation(error) ?? '']
    if (details) throw new DomainError('CONFLICT', details, `This ${Object.keys(details).join()} is taken.`)
    throw error
  }
}

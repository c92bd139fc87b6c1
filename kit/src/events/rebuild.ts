import { describeFailure, isInfrastructureFailure, isTransactionCutShort } from '../store/failures.ts'
import type { Database } from '../store/database.ts'
import type { Transaction } from '../store/transactions.ts'
import type { Envelope } from './contracts.ts'
import { createHandlers, whileHandling, type Handlers } from './handling.ts'
import { lineOf, lockLine } from './inbox.ts'
import type { EventLog } from './log.ts'
import type { Projection } from './projections.ts'
import { backoffMs } from './waker.ts'

export interface RebuildOptions<Store extends object> {
  group: string
  projection: Projection<Store>
  database: Database<Store>
  eventLog: EventLog
  /** Whether to take away what the topic does not know. */
  removeOrphans?: boolean | undefined
  /** Whether only to count. */
  dryRun?: boolean | undefined
  onProgress?: ((done: number, of: number) => void) | undefined
}

export interface Rebuilt {
  /** Aggregates that the topic knows. */
  aggregates: number
  /** Made again from their latest event. */
  rebuilt: number
  /** Left alone, because a later event had made them meanwhile. */
  newer: number
  /** Left as they were, because their event cannot be handled. */
  failed: { aggregateId: string; error: string }[]
  /** In the projection, but not in the topic. */
  orphans: string[]
  /** Orphans that were taken away. */
  removed: number
  /** Counts that were wrong and are right now. */
  recounted: number
}

/**
 * Makes a projection again from the latest event of each aggregate, while consumers go on. Each aggregate changes in one
 * transaction that holds its line, so a reader sees the old or the new and never a hole, and a consumer waits its turn.
 * May be broken off and begun again at any time.
 */
export async function rebuild<Store extends object>(options: RebuildOptions<Store>): Promise<Rebuilt> {
  const { projection, database, eventLog, removeOrphans = false, dryRun = false, onProgress = () => {} } = options
  const handlers = createHandlers(projection.consumers)
  // Asked before the topic is read: whatever made them is in there, and what consumers add meanwhile is no orphan.
  const known = await knownAggregates(options)
  const latest = await latestEvents(eventLog, projection, handlers)
  const orphans = known.filter((id) => !latest.has(id))
  const result: Rebuilt = { aggregates: latest.size, rebuilt: 0, newer: 0, failed: [], orphans, removed: 0, recounted: 0 }
  if (dryRun) return result

  let done = 0
  const ahead = new Map<string, number>()
  const take = async (event: Envelope, distrusted?: number) => {
    const outcome = await rebuildOne(options, handlers, event, distrusted)
    if (outcome === 'rebuilt') result.rebuilt += 1
    else if (typeof outcome === 'number') ahead.set(event.subject, outcome)
    else result.failed.push({ aggregateId: event.subject, error: outcome.error })
    done += 1
    onProgress(done, latest.size)
  }
  await eachOf(eventLog, projection, latest, take)

  // A row that is ahead of what was read was made by a consumer since, or its version is wrong. What the topic says now, after
  // the row was seen, tells which.
  if (ahead.size > 0) {
    const suspects = new Map(ahead)
    ahead.clear()
    done -= suspects.size
    const now = await latestEvents(eventLog, projection, handlers, suspects)
    await eachOf(eventLog, projection, now, (event) => take(event, suspects.get(event.subject)))
    result.newer = ahead.size
  }
  if (removeOrphans) result.removed = await remove(options, handlers, orphans)
  result.recounted = (await projection.recount?.(database.store())) ?? 0
  return result
}

type OneOutcome = 'rebuilt' | number | { error: string }

// A number is the version at which the aggregate stands, ahead of the event. `distrusted` is such a number that was seen
// before the topic was read: if it is not in there, no event made it.
async function rebuildOne<Store extends object>(
  { group, projection, database }: RebuildOptions<Store>,
  handlers: Handlers<Store>,
  event: Envelope,
  distrusted?: number,
): Promise<OneOutcome> {
  const line = lineOf(group, event)
  const inTransaction = async (transaction: Transaction<Store>): Promise<OneOutcome> => {
    await lockLine(transaction.sql, line)
    const version = await projection.version(transaction.tx, event.subject)
    if (version !== null && version > event.aggregateversion && version !== distrusted) return version
    await handlers.run(event, transaction, (tx) => projection.reset(tx, event.subject))
    return 'rebuilt'
  }
  for (let failures = 1; ; failures += 1) {
    try {
      return await whileHandling(event, () => database.transact(inTransaction))
    } catch (error) {
      const isLast = failures === MOST_FAILURES
      // What lasts too long each time is the handler's fault, and must not keep all others from being made again.
      if (!isInfrastructureFailure(error) || (isLast && isTransactionCutShort(error))) return { error: describeFailure(error) }
      if (isLast) throw error
      await new Promise((resolve) => setTimeout(resolve, backoffMs(failures)))
    }
  }
}

interface Latest {
  version: number
  offset: bigint
}

// An aggregate's events lie in one partition. One that was published twice may follow its successor: the version decides.
async function latestEvents<Store extends object>(
  eventLog: EventLog,
  { topic }: Projection<Store>,
  handlers: Handlers<Store>,
  only?: ReadonlyMap<string, unknown>,
): Promise<Map<string, Latest>> {
  const latest = new Map<string, Latest>()
  for await (const { event, offset } of eventLog.read(topic.name)) {
    if (!handlers.concern(event) || (only && !only.has(event.subject))) continue
    const before = latest.get(event.subject)
    if (!before || before.version <= event.aggregateversion) latest.set(event.subject, { version: event.aggregateversion, offset })
  }
  return latest
}

/** Reads the topic once more and calls `take` with the wanted events, a few at a time. */
async function eachOf<Store extends object>(
  eventLog: EventLog,
  { topic }: Projection<Store>,
  wanted: ReadonlyMap<string, Latest>,
  take: (event: Envelope) => Promise<void>,
): Promise<void> {
  let batch: Envelope[] = []
  for await (const { event, offset } of eventLog.read(topic.name)) {
    if (wanted.get(event.subject)?.offset !== offset) continue
    batch.push(event)
    if (batch.length < AT_ONCE) continue
    await Promise.all(batch.map(take))
    batch = []
  }
  await Promise.all(batch.map(take))
}

async function knownAggregates<Store extends object>({ projection, database }: RebuildOptions<Store>): Promise<string[]> {
  const known: string[] = []
  for (;;) {
    const page = await database.transact(({ tx }) => projection.aggregates(tx, known.at(-1) ?? null, PAGE))
    known.push(...page)
    if (page.length < PAGE) return known
  }
}

// Takes away those that the topic still does not know after their rows were seen as they are, and that nobody has changed since.
async function remove<Store extends object>(
  { group, projection, database, eventLog }: RebuildOptions<Store>,
  handlers: Handlers<Store>,
  orphans: readonly string[],
): Promise<number> {
  const type = projection.consumers[0]?.event.type
  const { remove: takeAway } = projection
  if (!takeAway || type === undefined || orphans.length === 0) return 0
  const seen = new Map<string, number | null>()
  for (const id of orphans) seen.set(id, await database.transact(({ tx }) => projection.version(tx, id)))
  const arrived = await latestEvents(eventLog, projection, handlers, seen)
  let removed = 0
  for (const [id, version] of seen) {
    if (arrived.has(id)) continue
    removed += await database.transact(async ({ sql, tx }) => {
      await lockLine(sql, lineOf(group, { type, subject: id }))
      if ((await projection.version(tx, id)) !== version) return 0
      await takeAway(tx, id)
      return 1
    })
  }
  return removed
}

const AT_ONCE = 4
const PAGE = 1_000
const MOST_FAILURES = 5

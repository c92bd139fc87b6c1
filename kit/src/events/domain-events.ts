import { systemClock, type Clock } from '../clock.ts'
import { systemRandom, type Random } from '../ids.ts'
import type { Feed } from '../live/feeds.ts'
import type { Logger } from '../log.ts'
import { openDatabase } from '../store/database.ts'
import type { Outbox, StoreDefinition } from '../store/store.ts'
import type { Consumer } from './consumers.ts'
import type { Topic } from './contracts.ts'
import { discard, findParked, listHeads, replay, type WaitingHead } from './dead-letters.ts'
import type { Outcome } from './intake.ts'
import { outboxDepth } from './outbox.ts'
import { countParked, type ParkedEvent, type ParkedState } from './parked.ts'
import type { Projection } from './projections.ts'
import { rebuild, type Rebuilt, type RebuildOptions } from './rebuild.ts'
import { replayFrom, type ReplayFromOptions } from './replay-from.ts'

export interface OpenEventsOptions {
  databaseUrl: string
  log: Logger
  clock?: Clock
  random?: Random
}

/** Says in the transaction of a change who made it: what it publishes is published if the change is. */
export type Witness<Subject> = (tx: { outbox: Outbox }, subject: Subject) => Promise<void>

/** A domain's side of the event system, for whoever operates it. Nothing runs in the background; the service may run elsewhere. */
export interface DomainEvents {
  /** Of the domain, and of its group. */
  name: string
  /** What its group reads. */
  topics: readonly Topic[]
  projections: readonly { name: string; topic: Topic }[]
  outbox(): Promise<{ rows: number; oldestSeconds: number }>
  parkedCounts(): Promise<Record<ParkedState, number>>
  /** Heads of lines, the oldest first. */
  heads(filter?: { state?: Exclude<ParkedState, 'BEHIND'> | undefined; limit?: number | undefined }): Promise<WaitingHead[]>
  parked(id: string): Promise<WaitingHead | null>
  /** Gives a head its tries back. Returns it as it was; null when nothing was to be changed. */
  replay(id: string, witness: Witness<ParkedEvent>): Promise<ParkedEvent | null>
  /** Gives up a head for good. Returns it; null when there was none. */
  discard(id: string, witness: Witness<ParkedEvent>): Promise<ParkedEvent | null>
  /** Publishes what `witness` adds, for changes that are too many for one transaction. */
  say(witness: Witness<void>): Promise<void>
  replayFrom(
    options: Pick<ReplayFromOptions<object>, 'topics' | 'from' | 'eventLog' | 'dryRun' | 'onProgress'>,
  ): Promise<Record<Outcome, number>>
  /** Throws when the domain has no such projection. */
  rebuild(
    projection: string,
    options: Pick<RebuildOptions<object>, 'eventLog' | 'removeOrphans' | 'dryRun' | 'onProgress'>,
  ): Promise<Rebuilt>
  close(): Promise<void>
}

interface Parts<Store extends object> {
  name: string
  store: StoreDefinition<Store>
  topics: readonly Topic[]
  publishes: readonly Topic[]
  feeds: readonly Pick<Feed, 'name'>[]
  consumers: readonly Consumer<Store>[]
  projections: readonly Projection<Store>[]
}

export async function openDomainEvents<Store extends object>(
  { name, store, topics, publishes, feeds, consumers, projections }: Parts<Store>,
  { databaseUrl, log, clock = systemClock, random = systemRandom }: OpenEventsOptions,
): Promise<DomainEvents> {
  const database = await openDatabase({ name, url: databaseUrl, store, publishes, feeds, log, clock, random })
  const { pool } = database

  return {
    name,
    topics,
    projections,
    outbox: () => outboxDepth(pool),
    parkedCounts: () => countParked(pool, name),
    heads: (filter) => listHeads(pool, name, filter),
    parked: (id) => findParked(pool, id),
    replay: (id, witness) =>
      database.transact(async ({ sql, tx }) => {
        const before = await replay(sql, id)
        if (before) await witness(tx, before)
        return before
      }),
    discard: (id, witness) =>
      database.transact(async ({ sql, tx }) => {
        const gone = await discard(sql, id)
        if (gone) await witness(tx, gone)
        return gone
      }),
    say: (witness) => database.transact(({ tx }) => witness(tx)),
    replayFrom: (options) => replayFrom({ ...options, group: name, consumers, database, log, clock }),
    async rebuild(wanted, options) {
      const projection = projections.find((one) => one.name === wanted)
      if (!projection) throw new Error(`${name} has no projection that is called ${wanted}`)
      return rebuild({ ...options, group: name, projection, database })
    },
    close: database.close,
  }
}

import { randomUUID } from 'node:crypto'
import { parse } from 'graphql'
import type { Clock } from '../clock.ts'
import type { Aggregate, Data, EventDef } from '../events/contracts.ts'
import { openPostgresLog } from '../events/postgres-log.ts'
import type { Subgraph } from '../graphql/define-subgraph.ts'
import type { RunningSubgraph, SubgraphResult } from '../graphql/start-subgraph.ts'
import { anonymous, type Role, type UserViewer, type Viewer } from '../identity/viewer.ts'
import { systemRandom } from '../ids.ts'
import { createLogger } from '../log.ts'
import { testDatabaseUrl, withMigrations } from './database.ts'

const scopes: Record<Role, string[]> = { STUDENT: ['learn'], INSTRUCTOR: ['learn', 'author'], ADMIN: ['learn', 'author', 'admin'] }

/** What a test may assert about an answer. */
export interface Answer {
  // oxlint-disable-next-line typescript/no-explicit-any -- a test asserts on whatever it asked for
  data: any
  /** The code of each error, in order. */
  codes: unknown[]
  errors: NonNullable<SubgraphResult['errors']>
  signedIn: UserViewer | undefined
}

/** A subscription that somebody has. */
export interface Heard {
  /** The next answer, be it a refusal; null when there is none any more. */
  next(): Promise<Answer | null>
  /** Listens no longer. */
  end(): void
}

export interface TestedSubgraph {
  running: RunningSubgraph
  databaseUrl: string
  /** Asks as somebody (nobody by default), in memory. */
  ask(text: string, variables?: Record<string, unknown>, viewer?: Viewer): Promise<Answer>
  /** Subscribes as somebody (nobody by default), in memory. What is not ended ends when the subgraph stops. */
  listen(text: string, variables?: Record<string, unknown>, viewer?: Viewer): Promise<Heard>
  /** Publishes an event as another domain would, and waits until it has been handled. */
  publish<E extends EventDef>(event: E, aggregate: Aggregate, data: Data<E>): Promise<void>
  stop(): Promise<void>
}

/** A person with the scopes of their role. */
export function viewerOf(role: Role, id: string = systemRandom.id()): UserViewer {
  return { kind: 'user', id, role, scopes: scopes[role], sessionId: systemRandom.id() }
}

/** Starts one subgraph alone on databases of its own. `settings` go over the defaults of its config. */
export async function runSubgraph(
  subgraph: Subgraph,
  options: { settings?: Record<string, unknown>; clock?: Clock } = {},
): Promise<TestedSubgraph> {
  const log = createLogger({ name: subgraph.name, level: 'silent' })
  const [databaseUrl, logUrl] = await Promise.all([withMigrations(subgraph.name), testDatabaseUrl('events')])
  const eventLog = await openPostgresLog({ url: logUrl, log })
  const settings = subgraph.config.parse(options.settings ?? {})
  const running = await subgraph.start({ settings, databaseUrl, eventLog, log, ...(options.clock && { clock: options.clock }) })
  return {
    running,
    databaseUrl,
    async ask(text, variables = {}, viewer = anonymous) {
      const { signal } = new AbortController()
      return answerOf(await running.execute({ document: parse(text), variables, viewer, caller, signal }))
    },
    async listen(text, variables = {}, viewer = anonymous) {
      const ending = new AbortController()
      const begun = await running.subscribe({ document: parse(text), variables, viewer, caller, signal: ending.signal })
      const refusals = Symbol.asyncIterator in begun ? [] : [answerOf(begun)]
      return {
        async next() {
          if (!(Symbol.asyncIterator in begun)) return refusals.shift() ?? null
          const { done, value } = await begun.next()
          return done === true ? null : answerOf(value)
        },
        end: () => ending.abort(),
      }
    },
    async publish(event, aggregate, data) {
      await eventLog.append(event.topic.name, [
        {
          specversion: '1.0',
          id: randomUUID(),
          type: event.type,
          source: '/stellr/test',
          subject: aggregate.id,
          time: new Date().toISOString(),
          datacontenttype: 'application/json',
          dataversion: event.version,
          aggregateversion: aggregate.version,
          data,
        },
      ])
      while (!(await running.settled())) await new Promise((resolve) => setTimeout(resolve, 5))
    },
    async stop() {
      await running.stop()
      await eventLog.close()
    },
  }
}

const caller = { ipAddress: '192.0.2.1', userAgent: 'test' }

function answerOf({ data, errors = [], extensions }: SubgraphResult): Answer {
  return {
    data: JSON.parse(JSON.stringify(data ?? null)),
    errors,
    codes: errors.map((error) => error.extensions?.['code']),
    signedIn: extensions?.signedIn,
  }
}

import { AsyncLocalStorage } from 'node:async_hooks'
import {
  describeSettings,
  openEventLog,
  readConfig,
  systemRandom,
  type Environment,
  type Logger,
  type RunningSubgraph,
  type Sections,
  type Subgraph,
  type UserViewer,
} from '@stellr/kit'
import { domains, type Domain } from '@stellr/schema'
import { parse, type DocumentNode } from 'graphql'

/** The subgraphs, ready to play what happened at any moment of the past: through the use cases, as their users would. */
export interface Stage {
  /** Runs one operation of a domain as somebody, at a moment. Throws when it is refused. Returns the root field. */
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the operation asks for
  play(domain: Domain, text: string, input: Record<string, unknown>, viewer: UserViewer | null, at: Date): Promise<any>
  /** Waits until every domain has heard what the others have to say. */
  settle(): Promise<void>
  close(): Promise<void>
}

export interface StageOptions {
  /** Settings of all subgraphs and of the event log. */
  env: Environment
  log: Logger
  /** Every domain's program. */
  subgraphs: Record<Domain, Subgraph>
  /** The address of the database of a domain, which must be up to date. */
  databaseUrl(name: string): string
}

/** Starts every subgraph. Each operation has a time of its own, none before `since`; background work has the real one. */
export async function openStage({ env, log, subgraphs: programs, databaseUrl }: StageOptions, since: Date): Promise<Stage> {
  const moment = new AsyncLocalStorage<Date>()
  const clock = { now: () => moment.getStore() ?? new Date() }
  const eventLog = await openEventLog(env, log)
  const sections = Object.fromEntries(domains.map((domain) => [domain, programs[domain].config]))
  const config = readConfig(sections, { ...env, ...withoutLimits(sections) })
  const running = Object.fromEntries(
    await Promise.all(
      domains.map(async (domain) => {
        const start = () => programs[domain].start({ settings: config[domain], databaseUrl: databaseUrl(domain), eventLog, log, clock })
        // The first key that signs tokens must be as old as the first person who signs in.
        const subgraph = await (domain === 'auth' ? moment.run(since, start) : start())
        return [domain, subgraph] as const
      }),
    ),
  ) as Record<Domain, RunningSubgraph>
  const documents = new Map<string, DocumentNode>()

  return {
    async play(domain, text, input, viewer, at) {
      const document = documents.get(text) ?? parse(text)
      documents.set(text, document)
      const { data, errors } = await moment.run(at, () =>
        running[domain].execute({
          document,
          variables: { input },
          viewer: viewer ?? { kind: 'anonymous' },
          caller: { ipAddress: null, userAgent: 'The demo school' },
          signal: new AbortController().signal,
        }),
      )
      const [error] = errors ?? []
      if (error) throw new Error(`the demo school: ${text} was refused: ${JSON.stringify(error)} (${JSON.stringify(input).slice(0, 500)})`)
      return Object.values(data as Record<string, unknown>)[0]
    },
    async settle() {
      // Twice: an event may have passed from one domain to another while they were asked.
      for (let quiet = 0; quiet < 2;) {
        const settled = await Promise.all(Object.values(running).map((subgraph) => subgraph.settled()))
        quiet = settled.every(Boolean) ? quiet + 1 : 0
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async close() {
      await Promise.all(Object.values(running).map((subgraph) => subgraph.stop()))
      await eventLog.close()
    },
  }
}

/** A person as the router would present them after signing in. */
export function personOf(id: string, role: UserViewer['role']): UserViewer {
  const scopes = { STUDENT: ['learn'], INSTRUCTOR: ['learn', 'author'], ADMIN: ['learn', 'author', 'admin'] }[role]
  return { kind: 'user', id, role, scopes, sessionId: systemRandom.id() }
}

// Hundreds of people come from one address here.
function withoutLimits(sections: Sections): Environment {
  const limits = describeSettings(sections).filter(({ name }) => name.startsWith('RATE_LIMIT_'))
  return Object.fromEntries(limits.map(({ name }) => [name, '1000000000']))
}

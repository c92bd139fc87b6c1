import { buildSubgraphSchema } from '@apollo/subgraph'
import { createLogger, DomainError, fromRoot, systemClock, systemRandom, type RunningSubgraph, type Viewer } from '@stellr/kit'
import type { Domain } from '@stellr/schema'
import { execute, GraphQLError, parse } from 'graphql'
import { readFileSync } from 'node:fs'

type FakeContext = ReturnType<RunningSubgraph['context']>

// oxlint-disable-next-line typescript/no-explicit-any -- sources and arguments are whatever the SDL says
type FakeResolver = (source: any, args: any, context: FakeContext) => unknown

/** Resolvers by type and field. */
export type FakeResolvers = Record<string, Record<string, FakeResolver>>

export interface FakeSubgraph extends RunningSubgraph {
  /** Closes its port too, as when the process ends. */
  onStop(): Promise<void>
  /** Who asked, fetch by fetch. */
  seen: { viewer: Viewer; caller: { ipAddress: string | null; userAgent: string | null } }[]
}

export const silent = createLogger({ name: 'test', level: 'silent' })

/** A subgraph with a domain's real SDL and made-up resolvers: no database, everything else as it is. */
export function fakeSubgraph(name: Domain, resolvers: FakeResolvers, routes: RunningSubgraph['routes'] = () => undefined): FakeSubgraph {
  const typeDefs = parse(readFileSync(fromRoot(`schema/${name}.graphql`), 'utf8'))
  const schema = buildSubgraphSchema([{ typeDefs, resolvers }])
  const seen: FakeSubgraph['seen'] = []
  let running = true

  const context: RunningSubgraph['context'] = ({ viewer, caller, signal }) => {
    seen.push({ viewer, caller })
    return {
      viewer,
      caller,
      signal,
      signedIn: null,
      store: { transaction: () => Promise.reject(new Error('a fake has no database')) },
      services: undefined,
      clock: systemClock,
      random: systemRandom,
      log: silent,
      awaitOwn: (_id, read) => read(),
      signIn(person) {
        this.viewer = person
        this.signedIn = person
      },
    }
  }
  const subgraph: FakeSubgraph = {
    name,
    schema,
    seen,
    onStop: async () => undefined,
    get running() {
      return running
    },
    log: silent,
    clock: systemClock,
    context,
    async execute({ document, operationName, variables, ...who }) {
      const contextValue = context(who)
      const { data, errors } = await execute({ schema, document, operationName, variableValues: variables, contextValue })
      return {
        ...(errors && { errors: errors.map((error) => error.toJSON()) }),
        data: JSON.parse(JSON.stringify(data ?? null)),
        ...(contextValue.signedIn && { extensions: { signedIn: contextValue.signedIn } }),
      }
    },
    subscribe: async () => ({ errors: [{ message: 'this fake has no streams' }] }),
    routes,
    ready: async () => ({ ok: true, checks: {} }),
    settled: async () => true,
    async stop() {
      if (!running) return
      running = false
      await subgraph.onStop()
    },
  }
  return subgraph
}

/** Fails as the real subgraphs do. */
export function fail(code: 'NOT_FOUND' | 'FORBIDDEN'): never {
  throw new DomainError(code)
}

/** Fails as a bug does, with things in its message that no client may see. */
export function crash(): never {
  throw new GraphQLError('connect ECONNREFUSED 10.1.2.3:5432')
}

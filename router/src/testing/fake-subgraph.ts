import { buildSubgraphSchema } from '@apollo/subgraph'
import {
  createLogger,
  DomainError,
  fromRoot,
  systemClock,
  systemRandom,
  type Caller,
  type RunningSubgraph,
  type SubgraphStream,
  type Viewer,
} from '@stellr/kit'
import { openStream } from '@stellr/kit/testing'
import type { Domain } from '@stellr/schema'
import { execute, GraphQLError, parse } from 'graphql'
import { readFileSync } from 'node:fs'

type FakeContext = ReturnType<RunningSubgraph['context']> & { since?: string | undefined }

// oxlint-disable-next-line typescript/no-explicit-any -- sources and arguments are whatever the SDL says
type FakeResolver = (source: any, args: any, context: FakeContext) => unknown

/** Resolvers by type and field; those of Subscription begin a stream, each of whose events is an object with the root field. */
export type FakeResolvers = Record<string, Record<string, FakeResolver | { subscribe: FakeResolver }>>

export interface FakeSubgraph extends RunningSubgraph {
  /** Closes its port too, as when the process ends. */
  onStop(): Promise<void>
  /** Who asked, fetch by fetch. */
  seen: { viewer: Viewer; caller: Caller }[]
}

export const silent = createLogger({ name: 'test', level: 'silent' })

/** A subgraph with a domain's real SDL and made-up resolvers: no database, everything else as it is. */
export function fakeSubgraph(
  name: Domain,
  resolvers: FakeResolvers,
  routes: RunningSubgraph['routes'] = () => undefined,
  sdl: string = readFileSync(fromRoot(`schema/${name}.graphql`), 'utf8'),
): FakeSubgraph {
  const typeDefs = parse(sdl)
  const schema = buildSubgraphSchema([{ typeDefs, resolvers }])
  const seen: FakeSubgraph['seen'] = []
  const streams = new Set<SubgraphStream>()
  let running = true

  const context = ({ viewer, caller, signal, since }: Parameters<RunningSubgraph['context']>[0]): FakeContext => {
    seen.push({ viewer, caller })
    return {
      since,
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
      listen: () => Promise.reject(new Error('a fake subgraph has no feeds')),
      cursor: () => Promise.reject(new Error('a fake subgraph has no feeds')),
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
    async subscribe({ document, operationName, variables, signal, ...who }) {
      const open = () => context({ ...who, signal })
      const stream = await openStream({ schema, document, operationName, variables, context: open, signal, log: silent })
      if (Symbol.asyncIterator in stream) {
        streams.add(stream)
        signal.addEventListener('abort', () => streams.delete(stream))
      }
      return stream
    },
    routes,
    ready: async () => ({ ok: true, checks: {} }),
    settled: async () => true,
    async stop() {
      if (!running) return
      running = false
      await subgraph.onStop()
      for (const stream of streams) await stream.return?.()
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

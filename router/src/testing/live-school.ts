import { composeServices } from '@apollo/composition'
import { DomainError, fromRoot } from '@stellr/kit'
import { domains } from '@stellr/schema'
import { parse } from 'graphql'
import { readFileSync } from 'node:fs'
import { fakeAuth, type FakeAuth } from './fake-auth.ts'
import { crash, fakeSubgraph, type FakeResolvers, type FakeSubgraph } from './fake-subgraph.ts'
import { platform, type Platform, type PlatformOptions, type Topology } from './platform.ts'
import { authResolvers, usersResolvers } from './school.ts'

const TICKS = `
  extend type Subscription {
    "Numbers as they are told, from the one after the cursor on."
    ticks(after: String, odd: [Int!]): Tick @authenticated
    "The same for everybody."
    publicTicks(after: String): Tick
    "For authors only."
    authorTicks: Tick @requiresScopes(scopes: [["author"]])
  }
  type Tick {
    cursor: String!
    number: Int!
    by: User
    broken: Int!
    padding(bytes: Int!): String!
  }
`

/** Numbers that were told, as a feed keeps them: whoever listens gets those after their cursor, then those to come. */
export interface Ticker {
  tell(...numbers: number[]): void
  /** Forgets all. */
  clear(): void
  /** How many listen. */
  listeners: number
  /** Ends every stream with this from its next event on. */
  failure: Error | null
  /** What asked from which cursor. */
  asked: (string | null)[]
}

export interface LiveSchool extends Platform {
  auth: FakeAuth
  users: FakeSubgraph
  enrollments: FakeSubgraph
  ticker: Ticker
}

/** A platform with streams, over a schema of its own: of auth, users, and enrollments that tell numbers. */
export async function liveSchool(topology: Topology, options: PlatformOptions = {}): Promise<LiveSchool> {
  const auth = await fakeAuth(authResolvers)
  const users = fakeSubgraph('users', usersResolvers)
  const { ticker, resolvers } = createTicker()
  const enrollments = fakeSubgraph('enrollments', resolvers, () => undefined, tellingSdl())
  const running = await platform(topology, [auth.subgraph, users, enrollments], { supergraph: liveSupergraph(), ...options })
  return { auth, users, enrollments, ticker, ...running }
}

function createTicker(): { ticker: Ticker; resolvers: FakeResolvers } {
  const numbers: number[] = []
  const wakes = new Set<() => void>()
  const wake = () => {
    for (const one of wakes) one()
  }
  const ticker: Ticker = {
    tell(...more) {
      numbers.push(...more)
      wake()
    },
    clear() {
      numbers.length = 0
      ticker.asked.length = 0
      ticker.failure = null
    },
    listeners: 0,
    failure: null,
    asked: [],
  }
  const listen = (field: string, after: string | null) => {
    if (ticker.failure) throw ticker.failure
    ticker.asked.push(after)
    ticker.listeners += 1
    let next = after === null ? numbers.length : Number(after)
    let ended = false
    let woken = () => {}
    const wakeUp = () => woken()
    wakes.add(wakeUp)
    return {
      async next() {
        while (!ended && !ticker.failure && next >= numbers.length) {
          await new Promise<void>((resolve) => {
            woken = resolve
          })
        }
        if (ended) return { done: true as const, value: undefined }
        if (ticker.failure) throw ticker.failure
        const number = numbers[next] ?? 0
        next += 1
        return { done: false as const, value: { [field]: { cursor: String(next), number } } }
      },
      async return() {
        if (!ended) {
          ended = true
          ticker.listeners -= 1
          wakes.delete(wakeUp)
          woken()
        }
        return { done: true as const, value: undefined }
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }
  const subscription = (field: string) => ({
    subscribe: (_source: unknown, { after = null }: { after?: string | null }) => {
      if (after === 'ancient') throw new DomainError('CONFLICT')
      return listen(field, after)
    },
  })
  return {
    ticker,
    resolvers: {
      Subscription: { ticks: subscription('ticks'), publicTicks: subscription('publicTicks'), authorTicks: subscription('authorTicks') },
      Tick: {
        by: (_tick, _args, { viewer }) => (viewer.kind === 'user' ? { id: viewer.id } : null),
        broken: () => crash(),
        padding: (_tick, { bytes }) => 'x'.repeat(bytes),
      },
    },
  }
}

const tellingSdl = () => `${sdlOf('enrollments')}\n${TICKS}`

function sdlOf(name: string): string {
  return readFileSync(fromRoot(`schema/${name}.graphql`), 'utf8')
}

let composed: { sdl: string; gatewaySdl: string } | null = null

function liveSupergraph() {
  if (composed) return composed
  const services = domains.map((name) => ({
    name,
    url: `http://${name}`,
    typeDefs: parse(name === 'enrollments' ? tellingSdl() : sdlOf(name)),
  }))
  const { supergraphSdl, errors } = composeServices(services)
  if (errors) throw new AggregateError(errors, 'the schema does not compose')
  composed = { sdl: supergraphSdl, gatewaySdl: supergraphSdl.replaceAll(', for: SECURITY)', ')') }
  return composed
}

import { randomBytes } from 'node:crypto'
import { missing } from './refusal.ts'

/** An object of Stripe's: what refers to another one does so by its id. */
export interface Thing {
  id: string
  object: string
  created: number
  [field: string]: unknown
}

export interface StripeEventThing extends Thing {
  type: string
  data: { object: Thing }
}

/** Everything that Stripe remembers, and what it tells of it. */
export interface World {
  /** In seconds. */
  now(): number
  add<T extends Record<string, unknown>>(prefix: string, kind: string, fields: T): Thing & T
  /** Throws what Stripe answers when there is none. */
  get(kind: string, id: string): Thing
  find(id: string): Thing | undefined
  /** Newest first. */
  all(kind: string, matches?: (thing: Thing) => boolean): Thing[]
  /** Tells of a thing as it is now. */
  tell(type: string, about: Thing): void
  /** Told each event as it happens. */
  onEvent: (event: StripeEventThing) => void
}

export function createWorld(now: () => Date): World {
  const things: Thing[] = []
  const byId = new Map<string, Thing>()
  const world: World = {
    now: () => Math.floor(now().getTime() / 1000),
    add(prefix, object, fields) {
      const thing = { id: `${prefix}_${randomBytes(12).toString('hex')}`, object, created: world.now(), livemode: false, ...fields }
      things.push(thing)
      byId.set(thing.id, thing)
      return thing
    },
    get(kind, id) {
      const thing = byId.get(id)
      if (thing?.object !== kind) throw missing(kind, id)
      return thing
    },
    find: (id) => byId.get(id),
    all: (kind, matches = () => true) => things.filter((thing) => thing.object === kind && matches(thing)).toReversed(),
    tell(type, about) {
      const data = { object: structuredClone(about) }
      world.onEvent(world.add('evt', 'event', { api_version: '2026-10-28.endive', type, data, pending_webhooks: 1, request: null }))
    },
    onEvent: () => {},
  }
  return world
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('a field of the stub is no text')
  return value
}

export function count(value: unknown): number {
  if (typeof value !== 'number') throw new Error('a field of the stub is no number')
  return value
}

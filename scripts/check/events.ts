import type { EventDef } from '@stellr/kit'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Schema } from '../generate/event-schemas.ts'
import type { Step } from '../generate/steps.ts'
import { findShapeBreaks } from './event-shapes.ts'

export const samplesFolder = 'schema/events/samples'
/** The events as consumers were last promised them: it grows by itself and shrinks only by `pnpm contract:accept`. */
export const releasedEventsFile = 'schema/released-events.json'

/** Messages by their names. */
export type Samples = Readonly<Record<string, unknown>>

/** What consumers may rely on. How long a topic is kept is a matter of running the place, and no part of it. */
export interface EventContracts {
  topics: Record<string, { partitions: number; compacted: boolean }>
  /** By type and version: `user.registered.v1`. */
  events: Record<string, { topic: string; schema: Schema; samples: Samples }>
}

/** How a present contract reads a message: what is wrong with it, or null. */
export type Read = (message: unknown) => string | null

/**
 * Everything that yesterday's consumers or events may trip over, one line each. What is only added, an event, a version, an
 * optional field, a sample, is no break.
 */
export function findEventBreaks(before: EventContracts, after: EventContracts, readers: Readonly<Record<string, Read>>): string[] {
  const topics = Object.entries(before.topics).flatMap(([name, { partitions, compacted }]) => {
    const now = after.topics[name]
    // That its events have gone is said of each of them.
    if (!now) return []
    return [
      ...(now.partitions === partitions
        ? []
        : [`topic ${name}: ${partitions} partitions have become ${now.partitions}, which mixes up the order.`]),
      ...(compacted && !now.compacted ? [`topic ${name} is not compacted any more: the state of what is at rest would be lost.`] : []),
    ]
  })
  const events = Object.entries(before.events).flatMap(([name, was]) => {
    const now = after.events[name]
    if (!now) return [`${name} is not published any more: yesterday’s consumers wait for it.`]
    return [
      ...(now.topic === was.topic ? [] : [`it has moved from topic ${was.topic} to ${now.topic}.`]),
      ...findShapeBreaks(was.schema, now.schema),
      ...compareSamples(was.samples, now.samples, readers[name]),
    ].map((line) => `${name}: ${line}`)
  })
  return [...topics, ...events]
}

function compareSamples(before: Samples, after: Samples, read: Read | undefined): string[] {
  return Object.entries(before).flatMap(([name, message]) => {
    const problem = read?.(message) ?? null
    return [
      ...(isDeepStrictEqual(after[name], message)
        ? []
        : [`sample “${name}” was ${name in after ? 'changed' : 'removed'}: it is yesterday’s event. Add another instead.`]),
      ...(problem === null ? [] : [`sample “${name}” of yesterday cannot be read any more: ${problem}`]),
    ]
  })
}

/** The contracts as they stand in the code, with the samples that lie under `root`, and how they read. */
export async function presentEvents(root: string): Promise<{ contracts: EventContracts; readers: Record<string, Read> }> {
  const { contractName, events } = await import('../../schema/events/index.ts')
  const samples = readSamples(root)
  return describeEvents(events.map((event) => ({ name: contractName(event), event, samples: samples[contractName(event)] ?? {} })))
}

/** What is promised of these events, and how they read. */
export async function describeEvents(
  events: readonly { name: string; event: EventDef; samples: Samples }[],
): Promise<{ contracts: EventContracts; readers: Record<string, Read> }> {
  const [{ messageOf }, { messageSchema }] = await Promise.all([import('@stellr/kit'), import('../generate/event-schemas.ts')])
  const readerOf = (event: EventDef): Read => {
    const contract = messageOf(event)
    return (message) => {
      const { error } = contract.safeParse(message)
      return error ? error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') : null
    }
  }
  return {
    contracts: {
      topics: Object.fromEntries(
        events.map(({ event: { topic } }) => [topic.name, { partitions: topic.partitions, compacted: topic.compacted ?? false }]),
      ),
      events: Object.fromEntries(
        events.map(({ name, event, samples }) => [name, { topic: event.topic.name, schema: withoutProse(messageSchema(event)), samples }]),
      ),
    },
    readers: Object.fromEntries(events.map(({ name, event }) => [name, readerOf(event)])),
  }
}

/** Every committed sample, by the name of its event's contract. */
export function readSamples(root: string): Record<string, Samples> {
  const files = readOr(() => readdirSync(join(root, samplesFolder)), [])
  return Object.fromEntries(
    files.map((file) => [file.replace(/\.json$/, ''), JSON.parse(readFileSync(join(root, samplesFolder, file), 'utf8'))]),
  )
}

/** Breaks of the last promise that nobody has owned up to. */
export async function findUnsaidEventBreaks(root: string): Promise<string[]> {
  const { contracts, readers } = await presentEvents(root)
  return findEventBreaks(promisedOr(root, contracts), contracts, readers)
}

/** The promise that the present contracts would make. */
export async function eventsPromise(root: string): Promise<string> {
  return asText((await presentEvents(root)).contracts)
}

/** Keeps the promise in step with contracts that only grow. A break leaves it as it is, for `pnpm check` to find. */
export const releasedEvents: Step = {
  name: releasedEventsFile,
  inputs: [
    'schema/events',
    'kit/src/events/contracts.ts',
    'scripts/check/events.ts',
    'scripts/check/event-shapes.ts',
    'scripts/generate/event-schemas.ts',
  ],
  outputs: [releasedEventsFile],
  async run(root) {
    const { contracts, readers } = await presentEvents(root)
    const promised = promisedOr(root, contracts)
    return { [releasedEventsFile]: asText(findEventBreaks(promised, contracts, readers).length === 0 ? contracts : promised) }
  },
}

function promisedOr(root: string, otherwise: EventContracts): EventContracts {
  return readOr(() => JSON.parse(readFileSync(join(root, releasedEventsFile), 'utf8')) as EventContracts, otherwise)
}

function asText(contracts: EventContracts): string {
  return `${JSON.stringify(contracts, null, 2)}\n`
}

/** A schema without what is for people only, so that a better wording changes no promise. */
function withoutProse(schema: Schema): Schema {
  const kept = Object.entries(schema).filter(([keyword, value]) => !(prose.has(keyword) && typeof value === 'string'))
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, deep(value)]))
}

const prose = new Set(['description', 'title', '$schema'])

function deep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deep)
  return typeof value === 'object' && value !== null ? withoutProse(value as Schema) : value
}

function readOr<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return otherwise
    throw error
  }
}

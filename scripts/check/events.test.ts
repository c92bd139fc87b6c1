import { defineEvent, defineTopic, type EventDef, type Topic } from '@stellr/kit'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { accept } from './contract-accept.ts'
import {
  describeEvents,
  findEventBreaks,
  findUnsaidEventBreaks,
  releasedEvents,
  releasedEventsFile,
  samplesFolder,
  type Samples,
} from './events.ts'
import { top } from './files.ts'

const people = defineTopic('people', { partitions: 6, retentionDays: 7, compacted: true })
const role = z.enum(['STUDENT', 'ADMIN'])
const address = z.object({ city: z.string(), floor: z.int().min(0) })
const shape = {
  id: z.uuid(),
  name: z.string(),
  role,
  nickname: z.string().nullable(),
  note: z.string().optional(),
  score: z.int().min(0).max(100),
  address,
  former: address.nullable(),
  tags: z.array(z.string()),
  places: z.array(z.looseObject({ city: z.string() })),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  joinedAt: z.iso.datetime(),
}
const { name: _name, ...nameless } = shape

const message = {
  specversion: '1.0',
  id: '0199a4c0-0010-7001-8001-001000000001',
  type: 'person.joined',
  source: '/stellr/people',
  subject: '0199a4c0-0001-7011-8011-000100000011',
  time: '2026-09-01T08:15:02.118Z',
  datacontenttype: 'application/json',
  dataversion: 1,
  aggregateversion: 1,
  data: {
    id: '0199a4c0-0001-7011-8011-000100000011',
    name: 'Ada',
    role: 'STUDENT',
    nickname: null,
    score: 7,
    address: { city: 'Lagos', floor: 2 },
    former: null,
    tags: ['new'],
    places: [{ city: 'Lagos' }],
    facts: { height: 170 },
    joinedAt: '2026-09-01T08:15:02.118Z',
  },
}

interface Released {
  event: EventDef
  samples?: Samples
}

const joined = (data: z.ZodRawShape = shape, topic: Topic = people, version = 1) =>
  defineEvent('person.joined', version, topic, z.looseObject(data))

async function breaksOf(after: readonly Released[], before: readonly Released[] = [{ event: joined() }]): Promise<string[]> {
  const describe = (released: readonly Released[]) =>
    describeEvents(released.map(({ event, samples = { ada: message } }) => ({ name: `${event.type}.v${event.version}`, event, samples })))
  const { contracts, readers } = await describe(after)
  return findEventBreaks((await describe(before)).contracts, contracts, readers)
}

test.each([
  ['a removed field', nameless, 'data.name was removed'],
  ['a renamed field', { ...nameless, fullName: z.string().optional() }, 'data.name was removed'],
  ['a field of another type', { ...shape, name: z.int() }, 'data.name was of type string and is of type integer'],
  ['a field that may be missing now', { ...shape, name: z.string().optional() }, 'data.name may be missing'],
  ['a field that may be null now', { ...shape, name: z.string().nullable() }, 'data.name may be null'],
  ['a field that is null no more', { ...shape, nickname: z.string() }, 'data.nickname may not be null any more'],
  ['a field that is missing no more', { ...shape, note: z.string() }, 'data.note is required now'],
  ['a new field that must be there', { ...shape, level: z.int() }, 'data.level is new and required'],
  ['another value of an enum', { ...shape, role: z.enum(['STUDENT', 'OWNER', 'ADMIN']) }, 'data.role may be OWNER now'],
  ['a removed value of an enum', { ...shape, role: z.enum(['STUDENT']) }, 'data.role cannot be ADMIN any more'],
  ['an enum that becomes any text', { ...shape, role: z.string() }, 'data.role was ["STUDENT","ADMIN"] and is anything'],
  ['a text that becomes an enum', { ...shape, name: z.enum(['Ada', 'Ben']) }, 'data.name was anything and is ["Ada","Ben"]'],
  ['an id that becomes any text', { ...shape, id: z.string() }, 'data.id has another format'],
  ['a time in any zone', { ...shape, joinedAt: z.iso.datetime({ offset: true }) }, 'data.joinedAt has another pattern'],
  ['a wider range', { ...shape, score: z.int().min(0).max(1000) }, 'data.score has another maximum: 100 before, 1000 now'],
  ['a narrower range', { ...shape, score: z.int().min(1).max(100) }, 'data.score has another minimum: 0 before, 1 now'],
  ['a whole number that becomes any number', { ...shape, score: z.number().min(0).max(100) }, 'data.score was of type integer'],
  ['a text of a certain length', { ...shape, name: z.string().min(1) }, 'data.name has another minLength: anything before, 1 now'],
  ['a change inside of an object', { ...shape, address: address.omit({ city: true }) }, 'data.address.city was removed'],
  [
    'a change inside of an object that may be null',
    { ...shape, former: address.extend({ floor: z.int() }).nullable() },
    'data.former.floor has another minimum',
  ],
  ['a list of something else', { ...shape, tags: z.array(z.int()) }, 'data.tags[] was of type string and is of type integer'],
  ['a field that is no list any more', { ...shape, tags: z.string() }, 'data.tags was of type array and is of type string'],
  [
    'a change inside of a list',
    { ...shape, places: z.array(z.looseObject({ town: z.string().optional() })) },
    'data.places[].city was removed',
  ],
  [
    'more kinds of facts',
    { ...shape, facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) },
    'data.facts.* was {"type":"number"} or {"type":"string"} and is',
  ],
  [
    'an object that refuses what it does not know',
    { ...shape, address: z.strictObject(address.shape) },
    'data.address.* was anything and is false',
  ],
])('%s breaks consumers or what is in the log', async (_what, data: z.ZodRawShape, says) => {
  const breaks = (await breaksOf([{ event: joined(data) }])).filter((line) => !line.includes('sample “'))
  expect(breaks).toEqual([expect.stringContaining(`person.joined.v1: ${says}`)])
})

test.each([
  ['nothing', shape],
  ['a new field that may be missing', { ...shape, level: z.int().optional() }],
  ['a new field inside of an object', { ...shape, address: address.extend({ street: z.string().nullish() }) }],
  ['a new field inside of an object that may be null', { ...shape, former: address.extend({ street: z.string().optional() }).nullable() }],
  ['a new field inside of a list', { ...shape, places: z.array(z.looseObject({ city: z.string(), country: z.string().optional() })) }],
  ['another order of values', { ...shape, role: z.enum(['ADMIN', 'STUDENT']) }],
  ['another order of fields', Object.fromEntries(Object.entries(shape).toReversed())],
  [
    'a description',
    { ...shape, name: z.string().describe('As they wish to be called.'), nickname: z.string().describe('For friends.').nullable() },
  ],
  ['an object that takes what it does not know', { ...shape, address: z.looseObject(address.shape) }],
])('%s breaks nobody', async (_what, data: z.ZodRawShape) => {
  expect(await breaksOf([{ event: joined(data) }])).toEqual([])
})

test('another event, another version beside the first and another sample break nobody', async () => {
  const left = defineEvent('person.left', 1, people, z.looseObject({ id: z.uuid() }))
  const second = { event: joined(nameless, people, 2), samples: {} }
  const more = { ada: message, ben: { ...message, correlationid: 'because' } }
  expect(await breaksOf([{ event: joined(), samples: more }, second, { event: left, samples: {} }])).toEqual([])
})

test('an event or a version that is not published any more is missed', async () => {
  expect(await breaksOf([])).toEqual([expect.stringContaining('person.joined.v1 is not published any more')])
  expect(await breaksOf([{ event: joined(shape, people, 2), samples: {} }])).toEqual([
    expect.stringContaining('person.joined.v1 is not published any more'),
  ])
})

test('a topic keeps its events, its partitions and its compaction; for how long it keeps them is nobody’s contract', async () => {
  const on = (topic: Topic) => breaksOf([{ event: joined(shape, topic) }])
  expect(await on({ ...people, retentionDays: 1 })).toEqual([])
  expect(await on({ ...people, name: 'persons' })).toEqual(['person.joined.v1: it has moved from topic people to persons.'])
  expect(await on({ ...people, partitions: 12 })).toEqual([expect.stringContaining('topic people: 6 partitions have become 12')])
  expect(await on({ ...people, compacted: false })).toEqual([expect.stringContaining('topic people is not compacted any more')])
})

test('a sample is yesterday’s event: it stays, as it is', async () => {
  const changed = { ada: { ...message, aggregateversion: 2 } }
  expect(await breaksOf([{ event: joined(), samples: changed }])).toEqual([expect.stringContaining('sample “ada” was changed')])
  expect(await breaksOf([{ event: joined(), samples: {} }])).toEqual([expect.stringContaining('sample “ada” was removed')])
  const reordered = { ada: Object.fromEntries(Object.entries(message).toReversed()) }
  expect(await breaksOf([{ event: joined(), samples: reordered }])).toEqual([])
})

test('a sample of yesterday that today’s contract cannot read is found, though no JSON Schema says why', async () => {
  const picky = joined({ ...shape, name: z.string().refine((name) => name !== 'Ada', 'not her') })
  expect(await breaksOf([{ event: picky }])).toEqual([
    'person.joined.v1: sample “ada” of yesterday cannot be read any more: data.name: not her',
  ])
})

const made: string[] = []
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true })))

/** A copy of what was promised and sampled, with something changed in the promise. */
function project(change: (promise: string) => string): string {
  const root = mkdtempSync(join(tmpdir(), 'stellr-events-'))
  made.push(root)
  for (const folder of ['schema', 'docs']) mkdirSync(join(root, folder))
  for (const file of ['schema/api.graphql', 'schema/released.graphql']) cpSync(join(top, file), join(root, file))
  cpSync(join(top, samplesFolder), join(root, samplesFolder), { recursive: true })
  writeFileSync(join(root, releasedEventsFile), change(readFileSync(join(top, releasedEventsFile), 'utf8')))
  return root
}

test('the promise follows contracts that grow, and stays where one shrinks', async () => {
  const present = readFileSync(join(top, releasedEventsFile), 'utf8')
  const { 'audit.recorded.v1': _audit, ...fewer } = JSON.parse(present).events
  const grown = project((promise) => JSON.stringify({ ...JSON.parse(promise), events: fewer }))
  expect(await releasedEvents.run(grown)).toEqual({ [releasedEventsFile]: present })

  const shrunk = project((promise) => promise.replaceAll('audit.recorded', 'audit.noted'))
  const stays: unknown = JSON.parse((await releasedEvents.run(shrunk))?.[releasedEventsFile] ?? '')
  expect(stays).toMatchObject({ events: { 'audit.noted.v1': expect.anything() } })
})

test('a break of an event is accepted only with a reason, and is then written down', async () => {
  const root = project((promise) => promise.replaceAll('audit.recorded', 'audit.noted'))
  expect(await findUnsaidEventBreaks(root)).toEqual(['audit.noted.v1 is not published any more: yesterday’s consumers wait for it.'])
  expect((await accept(root, '', new Date())).exitCode).toBe(1)
  expect(await findUnsaidEventBreaks(root)).toHaveLength(1)

  expect((await accept(root, 'Hear audit.recorded, which says the same.', new Date('2026-11-23T10:00:00Z'))).exitCode).toBe(0)
  expect(await findUnsaidEventBreaks(root)).toEqual([])
  expect(readFileSync(join(root, 'docs/api-changes.md'), 'utf8')).toContain(
    '## 2026-11-23\n\nHear audit.recorded, which says the same.\n\n- audit.noted.v1 is not published any more',
  )
  expect(readFileSync(join(root, releasedEventsFile), 'utf8')).toBe(readFileSync(join(top, releasedEventsFile), 'utf8'))
})

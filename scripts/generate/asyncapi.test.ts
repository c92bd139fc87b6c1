import { events, contractName } from '@stellr/schema/events/index'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { top } from '../check/files.ts'

interface Document {
  channels: Record<string, { messages: Record<string, unknown> }>
  operations: Record<string, { action: string; messages: { $ref: string }[]; bindings?: { kafka: { groupId: { const: string } } } }>
  components: { messages: Record<string, { payload: object; examples: { payload: unknown }[] }>; schemas: Record<string, object> }
}

const text = readFileSync(join(top, 'docs/asyncapi.yaml'), 'utf8')
const read = (): Document => parse(text)
const names = events.map(contractName)
const specification: object = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json')
const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }))
const isAsyncApi = ajv.compile(specification)

test('the document is AsyncAPI 3.0', () => {
  expect(isAsyncApi(read()), ajv.errorsText(isAsyncApi.errors)).toBe(true)
})

test('what is not AsyncAPI would be refused', () => {
  const document = read()
  expect(isAsyncApi({ ...document, asyncapi: '2.6.0' })).toBe(false)
  expect(isAsyncApi({ ...document, operations: { odd: { action: 'shout', channel: { $ref: '#/channels/users' } } } })).toBe(false)
})

test('every reference leads somewhere', () => {
  const document: unknown = read()
  const references = [...text.matchAll(/\$ref: ['"]?#\/([^\s'"]+)/g)].map(([, path = '']) => path)
  const leadsTo = (path: string) =>
    path.split('/').reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], document)
  expect(references.length).toBeGreaterThan(100)
  expect(references.filter((path) => leadsTo(path) === undefined)).toEqual([])
})

test('every event is on one topic and published by somebody', () => {
  const { channels, operations } = read()
  expect(
    Object.values(channels)
      .flatMap(({ messages }) => Object.keys(messages))
      .toSorted(),
  ).toEqual(names.toSorted())
  const sent = Object.values(operations)
    .filter(({ action }) => action === 'send')
    .flatMap(({ messages }) => messages.map(nameOf))
  expect([...new Set(sent)].toSorted()).toEqual(names.toSorted())
})

test('who hears what is what the subgraphs say', () => {
  const { operations } = read()
  const heard = Object.values(operations).filter(({ action }) => action === 'receive')
  const by = (group: string) =>
    heard.filter(({ bindings }) => bindings?.kafka.groupId.const === group).flatMap(({ messages }) => messages.map(nameOf))
  expect(by('users')).toEqual(expect.arrayContaining(['user.registered.v1', 'user.first_login.v1', 'user.role_changed.v1']))
  expect(by('users')).not.toContain('enrollment.created.v1')
  expect(by('progress')).toEqual(expect.arrayContaining(['course.version_published.v1', 'enrollment.created.v1', 'profile.updated.v1']))
})

test('every message has examples, which its payload describes', () => {
  const { components } = read()
  ajv.addSchema({ $id: 'document', components })
  for (const [name, { examples }] of Object.entries(components.messages)) {
    const valid = ajv.compile({ $ref: `document#/components/messages/${name}/payload` })
    expect(examples.length, name).toBeGreaterThan(0)
    for (const { payload } of examples) expect(valid(payload), `${name}: ${ajv.errorsText(valid.errors)}`).toBe(true)
    expect(valid({ ...(examples[0]?.payload as object), dataversion: 99 }), name).toBe(false)
    expect(valid({ ...(examples[0]?.payload as object), data: {} }), name).toBe(false)
  }
})

function nameOf({ $ref }: { $ref: string }): string {
  return $ref.split('/').at(-1) ?? ''
}

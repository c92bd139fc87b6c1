import { correlated, createLogger, DomainError } from '@stellr/kit'
import { GraphQLError } from 'graphql'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createErrorFormat, refusal } from './errors.ts'

function setUp() {
  const lines: string[] = []
  const destination = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) })
  const format = createErrorFormat(createLogger({ name: 'test', level: 'info', destination }))
  return { lines, show: (error: GraphQLError) => format(error.toJSON(), error) }
}

test('an error of ours keeps code, message and details, and gets the correlation id', () => {
  const { lines, show } = setUp()
  const shown = correlated('abc', () => show(new DomainError('CONFLICT', { because: 'it is the last one' })))
  const message = 'The present state does not allow this.'
  expect(shown).toEqual({
    message,
    extensions: { code: 'CONFLICT', message, details: { because: 'it is the last one' }, correlationId: 'abc' },
  })
  expect(lines).toEqual([])
})

test('an error without a code of ours is masked, and logged whole with the correlation id', () => {
  const { lines, show } = setUp()
  const bug = new GraphQLError('connect ECONNREFUSED 10.1.2.3', {
    path: ['me', 'name'],
    originalError: new Error('the cause'),
    extensions: { code: 'ECONNREFUSED', details: { host: '10.1.2.3' } },
  })
  const shown = correlated('abc', () => show(bug))
  const message = 'Something went wrong on our side.'
  expect(shown).toEqual({ message, path: ['me', 'name'], extensions: { code: 'INTERNAL', message, correlationId: 'abc' } })
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ correlationId: 'abc', path: ['me', 'name'], err: { message: 'the cause' } })
})

test('the service is named when it is down or broken, not when it refuses', () => {
  const { show } = setUp()
  const from = (code: string) => show(new GraphQLError('x', { extensions: { code, serviceName: 'users' } })).extensions?.['service']
  expect([from('SERVICE_UNAVAILABLE'), from('INTERNAL'), from('WHATEVER'), from('FORBIDDEN')]).toEqual([
    'users',
    'users',
    'users',
    undefined,
  ])
})

test('a subgraph’s complaint about the operation is our fault and not the client’s', () => {
  const { lines, show } = setUp()
  for (const code of ['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'BAD_REQUEST']) {
    expect(show(new GraphQLError('x', { extensions: { code, serviceName: 'users' } })).extensions?.['code']).toBe('INTERNAL')
  }
  expect(lines).toHaveLength(3)
})

test('an operation that graphql-js gives up comparing is too large', () => {
  const { show } = setUp()
  const shown = show(new GraphQLError('Validation aborted.', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }))
  expect(shown.extensions).toMatchObject({
    code: 'OPERATION_TOO_LARGE',
    message: 'The operation is larger than the limits allow; see details.',
  })
})

test('a path ends where a list begins whose items are all concerned', () => {
  const { show } = setUp()
  const error = new GraphQLError('x', { path: ['users', 'edges', '@', 'node'], extensions: { code: 'SERVICE_UNAVAILABLE' } })
  expect(show(error).path).toEqual(['users', 'edges'])
})

test('a syntax error does not quote a string of the client’s', () => {
  const { show } = setUp()
  const said = (message: string) => show(new GraphQLError(message, { extensions: { code: 'GRAPHQL_PARSE_FAILED' } })).message
  expect(said('Syntax Error: Expected Name, found String "hunter2".')).toBe('Syntax Error: Expected Name, found String.')
  expect(said('Syntax Error: Unexpected BlockString "two\nlines".')).toBe('Syntax Error: Unexpected BlockString.')
  expect(said('Syntax Error: Expected Name, found "}".')).toBe('Syntax Error: Expected Name, found "}".')
})

test('a refusal carries the HTTP status of its code, and when to try again', () => {
  expect(refusal('FORBIDDEN').extensions['http']).toMatchObject({ status: 403 })
  const { http } = refusal('SERVICE_UNAVAILABLE', { retryAfterSeconds: 3 }, { 'X-Other': 'kept' }).extensions as {
    http: { headers: Map<string, string> }
  }
  expect([...http.headers]).toEqual([
    ['x-other', 'kept'],
    ['retry-after', '3'],
  ])
})

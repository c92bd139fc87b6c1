import { GraphQLError } from 'graphql'
import { expect, test, vi } from 'vitest'
import { createLogger } from '../log.ts'
import { DomainError } from './errors.ts'
import { presentError } from './present.ts'

const log = createLogger({ name: 'test', level: 'silent' })
const thrown = (originalError: Error) => new GraphQLError(originalError.message, { path: ['me'], originalError })

test('what a user can cause is shown whole', () => {
  expect(presentError(thrown(new DomainError('RATE_LIMITED', { retryAfterSeconds: 3 })), log)).toEqual({
    path: ['me'],
    message: 'Too many attempts; wait a little.',
    extensions: { code: 'RATE_LIMITED', message: 'Too many attempts; wait a little.', details: { retryAfterSeconds: 3 } },
  })
})

test('a bug of ours is masked, and logged whole', () => {
  const error = vi.spyOn(log, 'error')
  const bug = new Error('column "password_hash" does not exist')
  const shown = presentError(thrown(bug), log)
  expect(shown.extensions).toMatchObject({ code: 'INTERNAL' })
  expect(JSON.stringify(shown)).not.toContain('password_hash')
  expect(error).toHaveBeenCalledWith({ err: bug, path: ['me'] }, 'a resolver failed')
})

test('a database that is away says so, and not where it is', () => {
  const away = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' })
  const shown = presentError(thrown(away), log)
  expect(shown.extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  expect(JSON.stringify(shown)).not.toContain('10.0.0.7')
})

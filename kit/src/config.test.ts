import { expect, test } from 'vitest'
import { z } from 'zod'
import { ConfigError, describeSettings, readConfig } from './config.ts'

const sections = {
  '': z.object({ port: z.coerce.number().default(4000).meta({ description: 'Where to listen' }) }),
  auth: z.object({
    databaseUrl: z.url().meta({ description: 'The database', example: 'postgresql://...' }),
    secret: z.string().min(8).meta({ description: 'The secret', secret: true }),
    loginsPerMinute: z.coerce.number().default(5).meta({ env: 'RATE_LIMIT_LOGIN', description: 'Logins' }),
  }),
}

test('settings are read by the names of their section and key', () => {
  const env = { PORT: '1', AUTH_DATABASE_URL: 'postgresql://h/d', AUTH_SECRET: '12345678', RATE_LIMIT_LOGIN: '9' }
  expect(readConfig(sections, env)).toEqual({
    '': { port: 1 },
    auth: { databaseUrl: 'postgresql://h/d', secret: '12345678', loginsPerMinute: 9 },
  })
})

test('one message names everything that is missing or wrong, without showing a secret', () => {
  const read = () => readConfig(sections, { PORT: 'x', AUTH_DATABASE_URL: '', AUTH_SECRET: 'hunter2' })
  expect(read).toThrow(ConfigError)
  try {
    read()
  } catch (error) {
    const { message, problems } = error as ConfigError
    expect(problems).toHaveLength(3)
    expect(message).toContain('AUTH_DATABASE_URL is not set: The database, for example postgresql://...')
    expect(message).toContain('PORT is wrong')
    expect(message).toContain('AUTH_SECRET is wrong')
    expect(message).not.toContain('hunter2')
  }
})

test('every setting can be listed with its default', () => {
  expect(describeSettings(sections).map(({ name, default: value, required }) => [name, value, required])).toEqual([
    ['PORT', '4000', false],
    ['AUTH_DATABASE_URL', undefined, true],
    ['AUTH_SECRET', undefined, true],
    ['RATE_LIMIT_LOGIN', '5', false],
  ])
})

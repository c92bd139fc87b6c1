import { describeSettings, readConfig } from '@stellr/kit'
import { domains } from '@stellr/schema'
import { expect, test } from 'vitest'
import { addresses, distributedConfig, routerConfig } from './settings.ts'

test('without any setting the router is on loopback, closed to other origins and believes no proxy', () => {
  const { router } = readConfig({ router: routerConfig }, {})
  expect(router).toMatchObject({ port: 4000, host: '127.0.0.1', corsOrigins: [], subgraphTimeoutMs: 5000, maxBodyBytes: 524_288 })
  expect(router.trustProxy).toBeUndefined()
})

test('origins are a list', () => {
  const { router } = readConfig({ router: routerConfig }, { ROUTER_CORS_ORIGINS: 'https://a.example, https://b.example,' })
  expect(router.corsOrigins).toEqual(['https://a.example', 'https://b.example'])
})

test('a limit of nothing is refused', () => {
  expect(() => readConfig({ router: routerConfig }, { ROUTER_MAX_DEPTH: '0' })).toThrow('ROUTER_MAX_DEPTH')
})

test('alone, it also needs the passports’ secret and where each subgraph is', () => {
  const required = describeSettings({ router: routerConfig, '': distributedConfig, ...addresses }).filter((setting) => setting.required)
  expect(required.map((setting) => setting.name)).toEqual(['PASSPORT_SECRET', ...domains.map((domain) => `${domain.toUpperCase()}_URL`)])
  expect(required[0]?.secret).toBe(true)
})

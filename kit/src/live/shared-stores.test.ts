import { expect, test, vi } from 'vitest'
import { shareStores } from './shared-stores.ts'

test('all who hear an entry have one store, and those of another entry another', () => {
  const stores = shareStores(() => ({}))
  const [one, other] = [{}, {}]
  expect(stores.of(one)).toBe(stores.of(one))
  expect(stores.of(other)).not.toBe(stores.of(one))
})

test('an event that was made of an entry has the store of that entry, and any other event none', () => {
  const stores = shareStores(() => ({}))
  const [entry, event] = [{}, {}]
  stores.made(event, entry)
  stores.made('a text', entry)
  expect(stores.storeFor(event)).toBe(stores.of(entry))
  expect([stores.storeFor({}), stores.storeFor('a text'), stores.storeFor(null)]).toEqual([undefined, undefined, undefined])
})

test('whoever comes to an entry later does not see what was true before', async () => {
  const stores = shareStores(() => ({}), 20)
  const entry = {}
  const early = stores.of(entry)
  await vi.waitUntil(() => stores.of(entry) !== early)
})

import { expect, test } from 'vitest'
import { acceptableToGateway, compose } from './supergraph.ts'

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.14", import: ["@key", "@authenticated", "@requiresScopes", "@inaccessible"])'

test('subgraphs that do not fit together fail with the reason', async () => {
  const one = { name: 'one', sdl: `${link} type Query { a: Thing } type Thing @key(fields: "id") { id: ID! name: String }` }
  const two = { name: 'two', sdl: `${link} type Thing @key(fields: "id") { id: ID! name: Int }` }
  await expect(compose([one, two])).rejects.toThrow(/FIELD_TYPE_MISMATCH|INVALID_FIELD_SHARING/)
})

test('the gateway’s copy keeps every rule but the demand to enforce them', async () => {
  const sdl = `${link} type Query { mine: Int @authenticated all: Int @requiresScopes(scopes: [["admin"]]) hidden: Int @inaccessible }`
  const { supergraphSdl, apiSdl } = await compose([{ name: 'one', sdl }])
  const copy = acceptableToGateway(supergraphSdl)
  expect(supergraphSdl).toMatch(/authenticated\/v0\.1", for: SECURITY/)
  expect(copy).not.toMatch(/(authenticated|requiresScopes)\/v0\.1", for: SECURITY/)
  expect(copy).toMatch(/inaccessible\/v0\.2", for: SECURITY/)
  expect(copy).toContain('mine: Int @authenticated')
  expect(apiSdl).not.toContain('hidden')
})

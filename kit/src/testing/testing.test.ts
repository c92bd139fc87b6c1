import { channel } from 'node:diagnostics_channel'
import pg from 'pg'
import { buildSchema, GraphQLSchema } from 'graphql'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { expect, test } from 'vitest'
import { countStatements, manualClock, testDatabaseUrl } from './index.ts'
import { parse } from 'graphql'

test('graphql one copy', () => {
  expect(buildSubgraphSchema([{ typeDefs: parse('type Query { a: String }') }])).toBeInstanceOf(GraphQLSchema)
})
test('each call of testDatabaseUrl makes a database of its own', async () => {
  const t = performance.now()
  const urls = await Promise.all([testDatabaseUrl('One thing'), testDatabaseUrl('One thing')])
  console.log(performance.now() - t)
  expect(new Set(urls).size).toBe(2)
})

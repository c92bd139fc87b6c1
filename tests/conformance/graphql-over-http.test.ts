import { serverAudits } from 'graphql-http'
import { expect, test } from 'vitest'
import { school } from '../../router/src/testing/school.ts'

// https://graphql.github.io/graphql-over-http/draft/ as the audits of the package graphql-http state it.
test('the router breaks no rule that GraphQL over HTTP calls a MUST', { timeout: 60_000 }, async () => {
  const { url } = await school('in memory')
  const results = []
  for (const audit of serverAudits({ url })) results.push(await audit.fn())
  const told = results.map((result) => `${result.status} ${result.name}${'reason' in result ? `: ${result.reason}` : ''}`)
  expect(results.length).toBeGreaterThan(50)
  // The audits call a broken MUST an error; a SHOULD is a warning and a MAY a notice.
  expect(
    results.filter((result) => result.status === 'error').map((result) => result.name),
    told.join('\n'),
  ).toEqual([])
  console.log(`${results.filter((result) => result.status === 'ok').length} of ${results.length} audits passed`)
  for (const line of told) if (!line.startsWith('ok')) console.log(line)
})

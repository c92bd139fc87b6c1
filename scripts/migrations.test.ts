import { migrate } from '@stellr/kit'
import { testDatabaseUrl } from '@stellr/kit/testing'
import { expect, test } from 'vitest'
import { fromRoot } from '../kit/src/paths.ts'
import { domains } from '../schema/index.ts'
import { prisma } from './prisma-cli.ts'

test.for(domains)('the migrations of %s make what its schema.prisma says, in Prisma’s own view', async (domain) => {
  const url = await testDatabaseUrl(domain)
  await migrate(url, fromRoot(`prisma/${domain}/migrations`))
  expect(await prisma(domain, { url }, ['migrate', 'deploy'])).toContain('No pending migrations to apply')
  const compared = ['--from-config-datasource', '--to-schema', fromRoot(`prisma/${domain}/schema.prisma`)]
  expect(await prisma(domain, { url }, ['migrate', 'diff', ...compared])).toContain('No difference detected')
})

import { fromRoot } from '../kit/src/paths.ts'
import { domains } from '../schema/index.ts'
import { documents } from './generate/documents.ts'
import { fixtureClient, prismaClient } from './generate/prisma-client.ts'
import { resolverTypesOf } from './generate/resolver-types.ts'
import { runSteps } from './generate/steps.ts'
import { supergraph } from './generate/supergraph.ts'

// pnpm generate            everything that is made from something else
// pnpm generate --needed   only what a start needs
// pnpm generate --force    everything, whether or not something changed
const root = fromRoot('.')
const args = process.argv.slice(2)
const options = { force: args.includes('--force') }

try {
  const ran = await runSteps(
    root,
    [...domains.map(prismaClient), fixtureClient, ...domains.map(resolverTypesOf), supergraph(domains)],
    options,
  )
  // These read the code, which imports what was made just now.
  if (!args.includes('--needed')) ran.push(...(await runSteps(root, documents, options)))
  for (const { name, seconds } of ran) console.log(`  ${name.padEnd(22)} ${seconds.toFixed(1)} s`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

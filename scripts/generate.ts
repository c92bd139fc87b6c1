import { fromRoot } from '../kit/src/paths.ts'
import { domains } from '../schema/index.ts'
import { documents } from './generate/documents.ts'
import { prismaClient } from './generate/prisma-client.ts'
import { resolverTypesOf } from './generate/resolver-types.ts'
import { runSteps, staleOutputs } from './generate/steps.ts'
import { supergraph } from './generate/supergraph.ts'

// pnpm generate            everything that is made from something else
// pnpm generate --needed   only what a start needs
// pnpm generate --force    everything, whether or not something changed
// pnpm generate --check    writes nothing; fails when a committed file is not what it would be
const root = fromRoot('')
const needed = [...domains.map(prismaClient), ...domains.map(resolverTypesOf), supergraph(domains)]
const args = process.argv.slice(2)

try {
  if (args.includes('--check')) await check()
  else await generate()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function generate(): Promise<void> {
  const options = { force: args.includes('--force') }
  const ran = await runSteps(root, needed, options)
  // These read the settings out of the subgraphs' code, which imports what was made just now.
  if (!args.includes('--needed')) ran.push(...(await runSteps(root, documents, options)))
  for (const { name, seconds } of ran) console.log(`  ${name} ${seconds.toFixed(1)} s`)
}

async function check(): Promise<void> {
  const stale = await staleOutputs(root, [supergraph(domains), ...documents])
  const committed = stale.filter((path) => !path.includes('/generated/'))
  if (committed.length > 0) throw new Error(`These files are stale; run pnpm generate and commit them:\n${committed.map((path) => `  ${path}`).join('\n')}`)
}

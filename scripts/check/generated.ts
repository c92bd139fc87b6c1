import { domains } from '../../schema/index.ts'
import { documents } from '../generate/documents.ts'
import { prismaClient } from '../generate/prisma-client.ts'
import { resolverTypesOf } from '../generate/resolver-types.ts'
import { runSteps, staleOutputs } from '../generate/steps.ts'
import { supergraph } from '../generate/supergraph.ts'

/** Makes what is generated and not committed, so that a fresh clone can be checked. Touches no committed file. */
export async function generateUncommitted(root: string): Promise<void> {
  await runSteps(root, [...domains.map(prismaClient), ...domains.map(resolverTypesOf)])
}

/** Committed files that are not what `pnpm generate` would make of their sources, one line each. Writes nothing. */
export async function findStaleFiles(root: string): Promise<string[]> {
  const stale = await staleOutputs(root, [supergraph(domains), ...documents])
  return stale.filter((path) => !path.includes('/generated/')).map((path) => `${path} is stale: run pnpm generate and commit it`)
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Domain } from '../../schema/index.ts'
import type { Step } from './steps.ts'

/** The types of a subgraph's resolvers. */
export function resolverTypesOf(domain: Domain): Step {
  const source = `schema/${domain}.graphql`
  const output = `subgraphs/${domain}/src/generated/graphql.ts`
  return {
    name: `resolver types ${domain}`,
    inputs: [source, 'codegen.ts', 'node_modules/@graphql-codegen/typescript-resolvers/package.json', 'scripts/generate/resolver-types.ts'],
    outputs: [output],
    async run(root) {
      const { resolverTypes } = await import('../../codegen.ts')
      return { [output]: await resolverTypes(domain, await readFile(join(root, source), 'utf8')) }
    },
  }
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Step } from './steps.ts'

/** The composed supergraph, the copy that @apollo/gateway accepts, and the API that clients see. */
export function supergraph(domains: readonly string[]): Step {
  const sources = domains.map((domain) => `schema/${domain}.graphql`)
  return {
    name: 'supergraph',
    inputs: [...sources, 'schema/index.ts', 'node_modules/@apollo/composition/package.json', 'scripts/generate/supergraph.ts'],
    outputs: ['schema/supergraph.graphql', 'schema/generated/supergraph.gateway.graphql', 'schema/api.graphql'],
    async run(root) {
      const sdls = await Promise.all(sources.map((source) => readFile(join(root, source), 'utf8')))
      const { supergraphSdl, apiSdl, hints } = await compose(domains.map((name, index) => ({ name, sdl: sdls[index] ?? '' })))
      for (const hint of hints) console.log(`  hint: ${hint}`)
      return {
        'schema/supergraph.graphql': `${supergraphSdl}\n`,
        'schema/generated/supergraph.gateway.graphql': `${acceptableToGateway(supergraphSdl)}\n`,
        'schema/api.graphql': `${apiSdl}\n`,
      }
    },
  }
}

export interface Composed {
  supergraphSdl: string
  apiSdl: string
  hints: string[]
}

/** Composes subgraphs. Throws one error with everything that does not fit together. */
export async function compose(subgraphs: readonly { name: string; sdl: string }[]): Promise<Composed> {
  // Loaded here because a start with nothing to compose should not pay for it.
  const [{ composeServices }, { parse, printSchema }] = await Promise.all([import('@apollo/composition'), import('graphql')])
  // The router finds its subgraphs by name: the URL stands in the supergraph and is not used.
  const services = subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}/graphql`, typeDefs: parse(sdl) }))
  const result = composeServices(services)
  if (result.errors) {
    throw new Error(result.errors.map((error) => `${String(error.extensions['code'] ?? 'ERROR')}: ${error.message}`).join('\n'))
  }
  return {
    supergraphSdl: result.supergraphSdl,
    apiSdl: printSchema(result.schema.toAPISchema().toGraphQLJSSchema()),
    hints: result.hints.map((hint) => `${hint.definition.code}: ${hint.message}`),
  }
}

/**
 * @apollo/gateway refuses a supergraph that says `for: SECURITY` of specs that it does not enforce. The router and every
 * subgraph enforce them, so the gateway's copy may leave it out.
 */
export function acceptableToGateway(supergraphSdl: string): string {
  return supergraphSdl.replaceAll(
    /(@link\(url: "https:\/\/specs\.apollo\.dev\/(?:authenticated|requiresScopes|policy)\/[^"]+"), for: SECURITY\)/g,
    '$1)',
  )
}

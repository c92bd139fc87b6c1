import { released } from '../check/contract.ts'
import type { Step } from './steps.ts'

/** Files that are made from code and from what other steps made. */
export const documents: readonly Step[] = [
  released,
  {
    name: 'docs/errors.md',
    inputs: ['kit/src/graphql/errors.ts', 'scripts/generate/documents.ts'],
    outputs: ['docs/errors.md'],
    async run() {
      const { errorCodes } = await import('../../kit/src/graphql/errors.ts')
      const rows = Object.entries(errorCodes).map(([code, { status, message }]) => `| \`${code}\` | ${status} | ${message} |`)
      return { 'docs/errors.md': errorsPage(rows) }
    },
  },
  {
    name: '.env.example',
    // Settings may come from anywhere in the code.
    inputs: ['kit/src', 'router/src', 'schema', 'subgraphs', 'scripts'],
    outputs: ['.env.example'],
    async run() {
      const { envExample } = await import('./env-example.ts')
      return { '.env.example': envExample() }
    },
  },
]

function errorsPage(rows: readonly string[]): string {
  return `<!-- Made by pnpm generate from kit/src/graphql/errors.ts. -->
# Error codes

Every error that a client can act upon carries one of these in \`extensions.code\`, with \`extensions.message\`,
\`extensions.correlationId\` and, where there is more to say, \`extensions.details\`. The status is what a refusal of the whole
request has over HTTP; an error beside data comes with 200. Anything unforeseen is \`INTERNAL\`, and only the log says more.

| code | HTTP status | meaning |
|---|---|---|
${rows.join('\n')}
`
}

import { released } from '../check/contract.ts'
import { releasedEvents } from '../check/events.ts'
import type { Step } from './steps.ts'

const schemasFolder = 'schema/events/schemas'

/** Files that are made from code and from what other steps made. */
export const documents: readonly Step[] = [
  released,
  releasedEvents,
  {
    name: 'event schemas',
    inputs: ['schema/events', 'kit/src/events/contracts.ts', 'scripts/generate/event-schemas.ts'],
    outputs: [schemasFolder],
    async run() {
      const [{ contractName, events }, { messageSchema }] = await Promise.all([
        import('../../schema/events/index.ts'),
        import('./event-schemas.ts'),
      ])
      const texts = events.map((event) => [`${schemasFolder}/${contractName(event)}.json`, asJson(messageSchema(event))])
      return Object.fromEntries(texts)
    },
  },
  {
    name: 'docs/asyncapi.yaml',
    // Who publishes and who consumes may be said anywhere in a subgraph.
    inputs: ['schema/events', 'kit/src', 'subgraphs', 'scripts/generate'],
    outputs: ['docs/asyncapi.yaml'],
    async run(root) {
      const [{ asyncApi }, { readSamples }] = await Promise.all([import('./asyncapi.ts'), import('../check/events.ts')])
      return { 'docs/asyncapi.yaml': asyncApi(readSamples(root)) }
    },
  },
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

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

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

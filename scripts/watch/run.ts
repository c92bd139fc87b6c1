import { parse, GraphQLError } from 'graphql'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import { fixedToken, signedIn } from './session.ts'
import { watch } from './watch.ts'

export interface WatchSurroundings {
  /** Of the person that --as names. */
  password: string | undefined
  print(line: string): void
  say(line: string): void
  signal: AbortSignal
}

export const USAGE = `Usage: pnpm watch '<subscription>' [--variables <json>] [--url <url>] [--token <access token> | --as <e-mail>]

Prints every event as one line of JSON, and comes back by itself when the connection breaks. To miss nothing meanwhile, declare
$after and select cursor. With --as it asks for the password, or takes it from STELLR_PASSWORD; that of the demo
school's accounts it knows.

What happens to one's own enrollments:
  pnpm watch --as learner@stellr.test \\
    'subscription ($after: String) { enrollmentUpdated(after: $after) { cursor at enrollment { status course { title } } } }'

How far one enrollment is:
  pnpm watch --as learner@stellr.test --variables '{"id":"<enrollment id>"}' \\
    'subscription ($id: ID!, $after: String) { progressUpdated(enrollmentId: $id, after: $after) { cursor courseProgress { percent } } }'

What learners do in a course of one's own:
  pnpm watch --as instructor@stellr.test --variables '{"id":"<course id>"}' \\
    'subscription ($id: ID!, $after: String) { courseActivity(courseId: $id, after: $after) { cursor at kind } }'`

const OPTIONS = {
  variables: { type: 'string' },
  url: { type: 'string', default: 'http://127.0.0.1:4000' },
  token: { type: 'string' },
  as: { type: 'string' },
} as const

/** Runs the command with its arguments, and returns its exit code. */
export async function runWatch(args: readonly string[], surroundings: WatchSurroundings): Promise<number> {
  const { print, say, signal } = surroundings
  try {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
    const [query] = positionals
    if (query === undefined || positionals.length > 1) {
      say(USAGE)
      return query === undefined ? 0 : 2
    }
    const url = new URL('/graphql', values.url).href
    const document = parse(query)
    const variables = variablesOf(values.variables ?? '{}')
    const password = async () => surroundings.password ?? demoPassword(values.as) ?? (await askFor(`Password of ${values.as}: `))
    const tokens = values.as === undefined ? fixedToken(values.token ?? null) : signedIn(url, values.as, await password())
    return await watch({ url, query, document, variables, tokens, print, say, signal })
  } catch (error) {
    if (error instanceof GraphQLError) say(`this is no GraphQL: ${error.message}`)
    else say(error instanceof Error ? error.message : String(error))
    return 2
  }
}

function variablesOf(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('--variables must be a JSON object')
  return { ...value }
}

/** What is typed is not shown. */
async function askFor(question: string): Promise<string> {
  process.stderr.write(question)
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silence, terminal: process.stdin.isTTY })
  const typed = await lines.question('')
  lines.close()
  process.stderr.write('\n')
  return typed
}

// Everybody knows it: it is printed at the start.
function demoPassword(account: string | undefined): string | undefined {
  return account?.endsWith('@stellr.test') ? 'stellr-demo' : undefined
}

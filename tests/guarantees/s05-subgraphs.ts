import { derivePassportKey, hostSubgraph, issuePassport, PASSPORT_HEADER, type Viewer } from '@stellr/kit'
import { runSubgraph, viewerOf, type TestedSubgraph } from '@stellr/kit/testing'
import { domains, type Domain } from '../../schema/index.ts'
import { subgraphs } from '../../scripts/platform/subgraphs.ts'

export interface Reply {
  status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- a test asserts on whatever came back
  json: any
}

/** Every subgraph behind HTTP by itself, with databases of its own, and no router in front of them. */
export interface BackDoors {
  subgraphs: Record<Domain, TestedSubgraph>
  post(name: Domain, body: string, headers: Record<string, string>): Promise<Reply>
  /** Asks with a passport for exactly that. */
  ask(name: Domain, viewer: Viewer, query: string, variables?: Record<string, unknown>): Promise<Reply['json']>
  /** Asks as the gateway does when it joins what several subgraphs know. */
  entities(name: Domain, viewer: Viewer, selection: string, references: readonly object[]): Promise<Reply['json']>
  /** How many requests there were. */
  knocked(): number
  close(): Promise<void>
}

const secret = 'the secret of the platform under test'
const caller = { ipAddress: '192.0.2.7', userAgent: 'test' }

export const student = viewerOf('STUDENT')
export const instructor = viewerOf('INSTRUCTOR')

export const keyOf = (name: string) => derivePassportKey(secret, name)

export interface PassportChanges {
  viewer?: Viewer
  body: string
  secondsAgo?: number
  key?: Uint8Array
}

export function passport(name: string, { viewer = student, body, secondsAgo = 0, key = keyOf(name) }: PassportChanges): string {
  return issuePassport(key, { audience: name, viewer, caller, body }, new Date(Date.now() - secondsAgo * 1000))
}

export async function openBackDoors(): Promise<BackDoors> {
  const started = await Promise.all(
    domains.map(async (name) => {
      const tested = await runSubgraph(subgraphs[name], { settings: name === 'auth' || name === 'payments' ? { secret } : {} })
      const host = await hostSubgraph(tested.running, { host: '127.0.0.1', port: 0, passportKey: keyOf(name) })
      return { name, tested, host }
    }),
  )
  const urls = Object.fromEntries(started.map(({ name, host }) => [name, host.url]))
  let knocked = 0

  const post: BackDoors['post'] = async (name, body, headers) => {
    knocked += 1
    const response = await fetch(`${urls[name]}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    return { status: response.status, json: await response.json() }
  }
  const ask: BackDoors['ask'] = async (name, viewer, query, variables = {}) => {
    const body = JSON.stringify({ query, variables })
    return (await post(name, body, { [PASSPORT_HEADER]: passport(name, { viewer, body }) })).json
  }
  return {
    subgraphs: Object.fromEntries(started.map(({ name, tested }) => [name, tested])) as Record<Domain, TestedSubgraph>,
    post,
    ask,
    entities: (name, viewer, selection, references) =>
      ask(name, viewer, `query ($references: [_Any!]!) { _entities(representations: $references) { ${selection} } }`, { references }),
    knocked: () => knocked,
    async close() {
      for (const { host, tested } of started) {
        await host.close()
        await tested.stop()
      }
    },
  }
}

export function codesOf(reply: { errors?: { extensions: { code: string } }[] }): string[] {
  return (reply.errors ?? []).map(({ extensions }) => extensions.code)
}

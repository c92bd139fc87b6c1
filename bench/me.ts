import autocannon from 'autocannon'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startEmbeddedPostgres } from '@stellr/kit'
import { prepareDatabases } from '../scripts/platform/databases.ts'
import { startDistributed } from '../scripts/platform/start-distributed.ts'
import { cpuSeconds, killAll, launch, residentMiB, type Contender } from './processes.ts'

// pnpm bench [seconds] [rounds]: `me` through both topologies, beside the same supergraph on stock ApolloServer and ApolloGateway.
const [seconds = 5, rounds = 3] = process.argv.slice(2).map(Number)
const CONNECTIONS = 20
const QUERY = '{ me { id name email role status profile { bio locale timeZone } preferences { language } onboarding { remainingSteps } } }'

interface Sample {
  perSecond: number
  p50: number
  p99: number
  cpuMs: number
}

const dataDir = mkdtempSync(join(tmpdir(), 'stellr-bench-'))
const postgres = await startEmbeddedPostgres({ dataDir, durable: true })
try {
  await main()
} finally {
  killAll()
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

async function main(): Promise<void> {
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'production',
    APOLLO_TELEMETRY_DISABLED: 'true',
    AUTH_DATABASE_URL: postgres.url('bench_auth'),
    USERS_DATABASE_URL: postgres.url('bench_users'),
    EVENTS_DATABASE_URL: postgres.url('bench_events'),
    AUTH_SECRET: 'a secret for measuring, and for nothing else',
    PASSPORT_SECRET: 'another secret for measuring, and nothing else',
    AUTH_ACCESS_TOKEN_SECONDS: '3600',
    LOG_LEVEL: 'error',
  }
  await prepareDatabases(env)
  const one = await at(async (port, url) => ({ url, pids: [await launch('one-process.ts', [`${port}`], url, env)] }))
  const many = await startDistributed({ env, port: 0 })
  const { accessToken, viewer } = await register(one.url)
  const token = { authorization: `Bearer ${accessToken}` }
  const believed = { 'x-viewer': JSON.stringify(viewer) }
  const local = await at(async (port, url) => ({ url, pids: [await launch('stock/gateway.ts', ['local', `${port}`], url, env)] }))
  const remote = await startRemote(env)
  const contenders: Contender[] = [
    { name: 'Stellr, one process', ...one, headers: token },
    { name: 'stock, one process', ...local, headers: believed },
    { name: 'Stellr, distributed', url: many.url, pids: Object.values(many.processes).map((part) => part.pid() ?? 0), headers: token },
    { name: 'stock, distributed', ...remote, headers: believed },
  ]
  await sameAnswers(contenders)

  const samples = new Map(contenders.map((contender) => [contender, [] as Sample[]]))
  for (const contender of contenders) await measure(contender, 2)
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      const sample = await measure(contender, seconds)
      samples.get(contender)?.push(sample)
      console.log(`round ${round + 1}  ${contender.name.padEnd(20)} ${sample.perSecond.toFixed(0)}/s`)
    }
  }
  report(contenders, samples)
  await many.stop()
}

async function startRemote(env: NodeJS.ProcessEnv) {
  const auth = await at(async (port, url) => ({ url, pids: [await launch('stock/subgraph.ts', ['auth', `${port}`], url, env)] }))
  const users = await at(async (port, url) => ({ url, pids: [await launch('stock/subgraph.ts', ['users', `${port}`], url, env)] }))
  const gateway = await at(async (port, url) => ({
    url,
    pids: [await launch('stock/gateway.ts', ['remote', `${port}`, auth.url, users.url], url, env)],
  }))
  return { url: gateway.url, pids: [auth, users, gateway].flatMap((part) => part.pids) }
}

async function at<T>(start: (port: number, url: string) => Promise<T>): Promise<T> {
  const port = await freePort()
  return start(port, `http://127.0.0.1:${port}`)
}

async function register(url: string) {
  const query =
    'mutation { register(input: { email: "ada@example.org", password: "correct horse battery", name: "Ada" }) { accessToken user { id name } } }'
  const { data } = await ask(url, query, {})
  const { accessToken, user } = data.register
  return { accessToken, viewer: { kind: 'user', id: user.id, role: 'STUDENT', scopes: ['learn'], sessionId: user.id } }
}

// A contender that answers something else is not measured at all.
async function sameAnswers(contenders: readonly Contender[]): Promise<void> {
  const answers = await Promise.all(contenders.map(({ url, headers }) => ask(url, QUERY, headers)))
  const [first] = answers.map(({ data }) => JSON.stringify(data))
  if (!first?.includes('ada@example.org') || answers.some(({ data }) => JSON.stringify(data) !== first)) {
    throw new Error(`the contenders answer differently: ${JSON.stringify(answers)}`)
  }
}

async function ask(url: string, query: string, headers: Record<string, string>) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the contender answers is compared whole
  return (await response.json()) as any
}

async function measure({ url, headers, pids }: Contender, duration: number): Promise<Sample> {
  const before = cpuSeconds(pids)
  const result = await autocannon({
    url: `${url}/graphql`,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: QUERY }),
    connections: CONNECTIONS,
    duration,
  })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url} failed ${result.non2xx + result.errors} requests`)
  const requests = result.requests.total
  return {
    perSecond: requests / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpuMs: ((cpuSeconds(pids) - before) * 1000) / requests,
  }
}

function report(contenders: readonly Contender[], samples: Map<Contender, Sample[]>): void {
  console.log(
    `\n\`me\` over two subgraphs, ${CONNECTIONS} connections, median of ${rounds} rounds of ${seconds} s, Node ${process.version}\n`,
  )
  console.log('| | requests/s | p50 ms | p99 ms | CPU ms/request | memory MiB |\n|---|---|---|---|---|---|')
  for (const contender of contenders) {
    const taken = samples.get(contender) ?? []
    const of = (key: keyof Sample, digits: number) => median(taken.map((sample) => sample[key])).toFixed(digits)
    console.log(
      `| ${contender.name} | ${of('perSecond', 0)} | ${of('p50', 0)} | ${of('p99', 0)} | ${of('cpuMs', 2)} | ${residentMiB(contender.pids).toFixed(0)} |`,
    )
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

import autocannon from 'autocannon'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startEmbeddedPostgres, type EmbeddedPostgres } from '@stellr/kit'
import { domains } from '@stellr/schema'
import { prepareDatabases } from '../scripts/platform/databases.ts'
import { databaseVariable } from '../scripts/platform/local.ts'
import { startDistributed } from '../scripts/platform/start-distributed.ts'
import { cpuSeconds, killAll, launch, residentMiB, type Contender } from './processes.ts'

const [seconds = 5, rounds = 3] = process.argv.slice(2).map(Number)
const CONNECTIONS = 20

export interface Contest {
  /** What is asked, in words. */
  title: string
  query: string
  /** Fills the platform that listens at `url`, and says who asks. */
  prepare(url: string): Promise<Asker>
  /** Part of the right answer: contenders that answer otherwise are not measured. */
  proof: string
}

export interface Asker {
  accessToken: string
  id: string
}

interface Sample {
  perSecond: number
  p50: number
  p99: number
  cpuMs: number
}

/**
 * Asks one query of both topologies, beside the same supergraph on stock ApolloServer and ApolloGateway, for as many rounds
 * of as many seconds as the command line says.
 */
export async function runContest(contest: Contest): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'stellr-bench-'))
  const postgres = await startEmbeddedPostgres({ dataDir, durable: true })
  try {
    await measureAll(contest, postgres)
  } finally {
    killAll()
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function measureAll(contest: Contest, postgres: EmbeddedPostgres): Promise<void> {
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'production',
    APOLLO_TELEMETRY_DISABLED: 'true',
    ...Object.fromEntries([...domains, 'events'].map((name) => [databaseVariable(name), postgres.url(`bench_${name}`)])),
    AUTH_SECRET: 'a secret for measuring, and for nothing else',
    PASSPORT_SECRET: 'another secret for measuring, and nothing else',
    PAYMENTS_SECRET: 'a third secret for measuring, and nothing else',
    AUTH_ACCESS_TOKEN_SECONDS: '3600',
    STELLR_ADMIN_EMAIL: 'admin@example.org',
    STELLR_ADMIN_PASSWORD: 'correct horse battery',
    RATE_LIMIT_COURSE_CHANGES_PER_USER: '100000',
    LOG_LEVEL: 'error',
  }
  await prepareDatabases(env)
  const one = await at(async (port, url) => ({ url, pids: [await launch('one-process.ts', [`${port}`], url, env)] }))
  const many = await startDistributed({ env, port: 0 })
  const { accessToken, id } = await contest.prepare(one.url)
  const token = { authorization: `Bearer ${accessToken}` }
  const believed = { 'x-viewer': JSON.stringify({ kind: 'user', id, role: 'STUDENT', scopes: ['learn'], sessionId: id }) }
  const local = await at(async (port, url) => ({ url, pids: [await launch('stock/gateway.ts', ['local', `${port}`], url, env)] }))
  const remote = await startRemote(env)
  const contenders: Contender[] = [
    { name: 'Stellr, one process', ...one, headers: token },
    { name: 'stock, one process', ...local, headers: believed },
    { name: 'Stellr, distributed', url: many.url, pids: Object.values(many.processes).map((part) => part.pid() ?? 0), headers: token },
    { name: 'stock, distributed', ...remote, headers: believed },
  ]
  await sameAnswers(contest, contenders)

  const samples = new Map(contenders.map((contender) => [contender, [] as Sample[]]))
  for (const contender of contenders) await measure(contest, contender, 2)
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      const sample = await measure(contest, contender, seconds)
      samples.get(contender)?.push(sample)
      console.log(`round ${round + 1}  ${contender.name.padEnd(20)} ${sample.perSecond.toFixed(0)}/s`)
    }
  }
  report(contest, contenders, samples)
  await many.stop()
}

async function startRemote(env: NodeJS.ProcessEnv) {
  const parts = await Promise.all(
    domains.map((name) => at(async (port, url) => ({ url, pids: [await launch('stock/subgraph.ts', [name, `${port}`], url, env)] }))),
  )
  const addresses = parts.map(({ url }) => url)
  const gateway = await at(async (port, url) => ({
    url,
    pids: [await launch('stock/gateway.ts', ['remote', `${port}`, ...addresses], url, env)],
  }))
  return { url: gateway.url, pids: [...parts, gateway].flatMap((part) => part.pids) }
}

async function at<T>(start: (port: number, url: string) => Promise<T>): Promise<T> {
  const port = await freePort()
  return start(port, `http://127.0.0.1:${port}`)
}

// A contender that answers something else is not measured at all.
async function sameAnswers({ query, proof }: Contest, contenders: readonly Contender[]): Promise<void> {
  const answers = await Promise.all(contenders.map(({ url, headers }) => ask(url, query, headers)))
  const [first] = answers.map(({ data }) => JSON.stringify(data))
  if (!first?.includes(proof) || answers.some(({ data }) => JSON.stringify(data) !== first)) {
    throw new Error(`the contenders answer differently: ${JSON.stringify(answers)}`)
  }
}

/** Asks once and returns the whole reply. */
export async function ask(url: string, query: string, headers: Record<string, string>, variables?: Record<string, unknown>) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  })
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the contender answers is compared whole
  return (await response.json()) as any
}

async function measure({ query }: Contest, { url, headers, pids }: Contender, duration: number): Promise<Sample> {
  const before = cpuSeconds(pids)
  const result = await autocannon({
    url: `${url}/graphql`,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
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

function report({ title }: Contest, contenders: readonly Contender[], samples: Map<Contender, Sample[]>): void {
  console.log(`\n${title}, ${CONNECTIONS} connections, median of ${rounds} rounds of ${seconds} s, Node ${process.version}\n`)
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

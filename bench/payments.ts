import { freePort } from '@stellr/kit'
import { domains } from '@stellr/schema'
import { prepareDatabases } from '../scripts/platform/databases.ts'
import { startDistributed } from '../scripts/platform/start-distributed.ts'
import { runAudit } from '../scripts/payments/run.ts'
import { openGround } from './events/ground.ts'
import { openMarket, type Checkout, type Customer } from './payments/market.ts'
import { countingSettings, openStatementCount } from './payments/statements.ts'
import { cpuSeconds, killAll, launch } from './processes.ts'

// pnpm bench:payments [checkouts] [at once]: from initiatePayment to a socket that hears that the course is open, at the sandbox.
const [checkouts = 300, atOnce = 10] = process.argv.slice(2).map(Number)
const ALONE = 20

interface Running {
  url: string
  pids: number[]
  stop(): Promise<void>
}

const ground = await openGround({ postgresSettings: countingSettings })
try {
  for (const log of ground.logs) {
    for (const topology of ['one process', 'distributed'] as const) {
      const name = `${log}_${topology.split(' ', 1)[0]}`.toLowerCase()
      const env = ground.env(name, log)
      await prepareDatabases(env)
      const platform = topology === 'one process' ? await inOneProcess(env) : await inManyProcesses(env)
      try {
        await measure(`${log} log, ${topology}`, platform, name)
        await requireAgreement(env)
      } finally {
        await platform.stop()
      }
    }
  }
} finally {
  killAll()
  await ground.stop()
}

async function measure(title: string, { url, pids }: Running, name: string): Promise<void> {
  const each = Math.ceil(checkouts / atOnce)
  const market = await openMarket(url, atOnce, each + ALONE)
  const databases = new Map(
    [...domains, 'events'].map((part) => [part, decodeURIComponent(new URL(ground.databaseUrl(name, part)).pathname.slice(1))]),
  )
  const count = await openStatementCount(ground.databaseUrl(name, 'payments'), databases)
  const alone: Checkout[] = []
  for (let time = 0; time < ALONE; time += 1) alone.push(...(await Promise.all(market.slice(0, 1).map((customer) => customer.checkOut()))))
  console.log(`${title}: one after another: ${times(alone)}`)

  let seconds = 0
  let cpu = 0
  const done: Checkout[] = []
  const statements = await count.of(async () => {
    const [startedAt, cpuBefore] = [performance.now(), cpuSeconds(pids)]
    await Promise.all(market.map((customer) => checkOutAll(customer, each, done)))
    seconds = (performance.now() - startedAt) / 1000
    cpu = cpuSeconds(pids) - cpuBefore
  })
  const cpuMs = (cpu * 1000) / done.length
  console.log(
    `${title}: ${done.length}, ${atOnce} at once: ${(done.length / seconds).toFixed(1)} a second, ${cpuMs.toFixed(0)} ms of CPU each`,
  )
  console.log(`${title}: ${atOnce} at once: ${times(done)}`)
  const perCheckout = [...statements].map(([part, calls]) => [part, calls / done.length] as const).filter(([, calls]) => calls >= 0.5)
  const total = perCheckout.reduce((sum, [, calls]) => sum + calls, 0)
  const parts = perCheckout.map(([part, calls]) => `${part} ${calls.toFixed(0)}`).join(', ')
  console.log(`${title}: ${total.toFixed(0)} SQL statements a checkout (${parts})`)
  await count.close()
  await Promise.all(market.map((customer) => customer.leave()))
}

async function checkOutAll(customer: Customer, times: number, done: Checkout[]): Promise<void> {
  for (let time = 0; time < times; time += 1) done.push(await customer.checkOut())
}

function times(done: readonly Checkout[]): string {
  const quantiles = (of: (checkout: Checkout) => number) => {
    const sorted = done.map(of).toSorted((a, b) => a - b)
    const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(0)
    return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`
  }
  return `initiatePayment ${quantiles(({ initiateMs }) => initiateMs)}; from paying to ACTIVE seen ${quantiles(({ activeMs }) => activeMs)}`
}

/** A figure counts for nothing when the money did not arrive where it should. */
async function requireAgreement(env: NodeJS.ProcessEnv): Promise<void> {
  const said: string[] = []
  const hear = (text: string) => void said.push(text)
  if ((await runAudit(['--settled'], { env, out: hear, err: hear })) !== 0) throw new Error(said.join('\n'))
}

async function inOneProcess(env: NodeJS.ProcessEnv): Promise<Running> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const pid = await launch('one-process.ts', [`${port}`], url, env)
  return { url, pids: [pid], stop: async () => killAll() }
}

async function inManyProcesses(env: NodeJS.ProcessEnv): Promise<Running> {
  const { url, processes, stop } = await startDistributed({ env, port: 0 })
  return { url, pids: Object.values(processes).map((part) => part.pid() ?? 0), stop }
}

import {
  armFaults,
  createLogger,
  faultConfig,
  metricsConfig,
  openEventLog,
  readConfig,
  serveMetrics,
  type Clock,
  type Environment,
  type Logger,
  type RunningSubgraph,
} from '@stellr/kit'
import { createRouter, inMemoryTransport, routerConfig, type Router } from '@stellr/router'
import { domains, type Domain } from '@stellr/schema'
import { databaseUrl, prepareDatabases } from './databases.ts'
import { subgraphs as programs } from './subgraphs.ts'

export interface PlatformOptions {
  /** Settings of all parts, with the addresses of all databases (AUTH_DATABASE_URL, ...), of the event log and secrets. */
  env: Environment
  /** Left out, PORT. 0 lets the system choose. */
  port?: number
  log?: Logger
  clock?: Clock
  /** Is told what was done. */
  onPhase?(name: string): void
}

/** The whole platform in this process. */
export interface Platform {
  url: string
  /** Where it tells its metrics; null when nowhere. */
  metricsUrl: string | null
  router: Router
  subgraphs: Record<Domain, RunningSubgraph>
  /** Whether no event is on its way any more. */
  settled(): Promise<boolean>
  stop(): Promise<void>
}

/** Brings the databases up to date, then starts every subgraph and the router, which reaches them in memory. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { env, log = createLogger({ name: 'stellr', level: 'silent' }), clock, onPhase = () => {} } = options
  const own = metricsConfig.extend(faultConfig.shape)
  const {
    router: settings,
    '': { fault, ...metricsAt },
  } = readConfig({ router: routerConfig, '': own }, env)
  const config = readConfig(Object.fromEntries(domains.map((domain) => [domain, programs[domain].config])), env)
  await prepareDatabases(env)
  onPhase('migrate')
  armFaults(fault)
  const eventLog = await openEventLog(env, log)
  const started: { close(): Promise<void> }[] = [eventLog]
  const stopAll = async () => {
    for (const part of started.splice(0).toReversed()) await part.close()
  }
  try {
    const start = (domain: Domain) =>
      programs[domain].start({ settings: config[domain], databaseUrl: databaseUrl(env, domain), eventLog, log, ...(clock && { clock }) })
    const starting = domains.map(async (domain) => [domain, await start(domain)] as const)
    // One that fails must not leave the others running, so all are waited for.
    const outcomes = await Promise.allSettled(starting)
    const running = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    started.push({ close: async () => void (await Promise.all(running.map(([, subgraph]) => subgraph.stop()))) })
    await Promise.all(starting)
    const subgraphs = Object.fromEntries(running) as Record<Domain, RunningSubgraph>
    onPhase('subgraphs')
    const transports = Object.fromEntries(
      running.map(([domain, subgraph]) => [domain, inMemoryTransport(subgraph, { timeoutMs: settings.subgraphTimeoutMs, log })]),
    )
    const router = await createRouter({ settings, transports, log, ...(clock && { clock }) })
    started.push(router)
    const metrics = await serveMetrics(metricsAt)
    started.push(metrics)
    const url = await router.listen({ host: settings.host, port: options.port ?? settings.port })
    onPhase('router')
    return {
      url,
      metricsUrl: metrics.url,
      router,
      subgraphs,
      settled: async () => (await Promise.all(running.map(([, subgraph]) => subgraph.settled()))).every(Boolean),
      stop: stopAll,
    }
  } catch (error) {
    await stopAll()
    throw error
  }
}

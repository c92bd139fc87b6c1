import { derivePassportKey, freePort, metricsConfig, readConfig, type Environment } from '@stellr/kit'
import { routerConfig } from '@stellr/router'
import { domains } from '@stellr/schema'
import { databaseUrl, prepareDatabases } from './databases.ts'
import { databaseVariable } from './local.ts'
import { supervise, type SupervisedProcess } from './supervise.ts'

export interface DistributedOptions {
  /** As for startPlatform; PASSPORT_SECRET as well. */
  env: Environment
  /** Left out, PORT for the router, and the ports after it for the subgraphs where they are free. 0 lets the system choose all. */
  port?: number
  /** Gets the processes' output, line by line. */
  print?(line: string): void
  onPhase?(name: string): void
}

export interface Distributed {
  url: string
  /** The router and every subgraph, by name. */
  processes: Record<string, SupervisedProcess>
  /** The router first, so that no request meets a subgraph that is gone. */
  stop(): Promise<void>
}

/** Brings the databases up to date, then starts one process per subgraph and one for the router, and keeps them running. */
export async function startDistributed(options: DistributedOptions): Promise<Distributed> {
  const { env, print = () => {}, onPhase = () => {} } = options
  const {
    router: settings,
    '': { metricsPort },
  } = readConfig({ router: routerConfig, '': metricsConfig }, env)
  const base = options.port ?? settings.port
  await prepareDatabases(env)
  onPhase('migrate')

  const shared = withoutSecrets(env)
  const host = '127.0.0.1'
  const subgraphs: SupervisedProcess[] = []
  for (const [index, name] of domains.entries()) {
    const metricsAt = metricsPort === undefined ? {} : { METRICS_PORT: `${await portAfter(metricsPort, index)}` }
    const own = { ...shared, ...ownSecrets(env, name), HOST: host, ...metricsAt }
    const port = await portAfter(base, index)
    subgraphs.push(supervise({ name, script: `subgraphs/${name}/src/main.ts`, env: own, port, print }))
  }
  const started: SupervisedProcess[] = []
  const stop = async () => {
    const [router, ...others] = started.toReversed()
    await router?.stop()
    await Promise.all(others.map((part) => part.stop()))
  }
  try {
    started.push(...subgraphs)
    await Promise.all(subgraphs.map((subgraph) => subgraph.start()))
    onPhase('subgraphs')
    const addresses = Object.fromEntries(subgraphs.map(({ name, url }) => [`${name.toUpperCase()}_URL`, url]))
    const own = { ...shared, PASSPORT_SECRET: env['PASSPORT_SECRET'], HOST: settings.host, ...addresses }
    const router = supervise({ name: 'router', script: 'router/src/main.ts', env: own, port: base, print })
    started.push(router)
    await router.start()
    onPhase('router')
    return { url: router.url, processes: Object.fromEntries(started.map((part) => [part.name, part])), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

// The one that stands at `index` after `base`, or another where that is taken.
async function portAfter(base: number, index: number): Promise<number> {
  return base === 0 ? 0 : freePort(base + 1 + index)
}

// Each process gets its own secrets and no other's, as it would on machines of its own.
function withoutSecrets(env: Environment): Environment {
  const secret = new Set(['PASSPORT_SECRET', 'AUTH_SECRET', 'EVENTS_DATABASE_URL', ...domains.map(databaseVariable)])
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secret.has(name)))
}

function ownSecrets(env: Environment, name: string): Environment {
  return {
    [databaseVariable(name)]: databaseUrl(env, name),
    EVENTS_DATABASE_URL: databaseUrl(env, 'events'),
    PASSPORT_KEY: Buffer.from(derivePassportKey(env['PASSPORT_SECRET'] ?? '', name)).toString('base64url'),
    ...(name === 'auth' && { AUTH_SECRET: env['AUTH_SECRET'] }),
  }
}

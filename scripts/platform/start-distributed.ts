import {
  derivePassportKey,
  describeSettings,
  freePort,
  metricsConfig,
  optionalKafkaConfig,
  readConfig,
  usesKafka,
  type Environment,
} from '@stellr/kit'
import { routerConfig } from '@stellr/router'
import { domains, type Domain } from '@stellr/schema'
import { databaseUrl, prepareDatabases } from './databases.ts'
import { databaseVariable } from './local.ts'
import { subgraphs as programs } from './subgraphs.ts'
import { supervise, type SupervisedProcess } from './supervise.ts'

export interface DistributedOptions {
  /** As for startPlatform; PASSPORT_SECRET as well. */
  env: Environment
  /** Left out, PORT for the router, and the ports after it for the subgraphs where they are free. 0 lets the system choose all. */
  port?: number
  /** How many processes of a part there are, where it is more than one; `inFront` is needed then. */
  replicas?: Partial<Record<Domain | 'router', number>>
  /** Puts one address before the replicas of a part. */
  inFront?(name: string, urls: readonly string[]): Promise<string>
  /** Settings of single processes, by name, which go over the others. */
  envOf?: Readonly<Record<string, Environment>>
  /** Gets the processes' output, line by line. */
  print?(line: string): void
  onPhase?(name: string): void
}

export interface Distributed {
  url: string
  /** The router and every subgraph, by name; replicas are `users`, `users-2` and so on. */
  processes: Record<string, SupervisedProcess>
  /** The router first, so that no request meets a subgraph that is gone. */
  stop(): Promise<void>
}

/** Brings the databases up to date, then starts one process per subgraph and one for the router, and keeps them running. */
export async function startDistributed(options: DistributedOptions): Promise<Distributed> {
  const { env, envOf = {}, replicas = {}, inFront, print = () => {}, onPhase = () => {} } = options
  const {
    router: settings,
    '': { metricsPort },
  } = readConfig({ router: routerConfig, '': metricsConfig }, env)
  const base = options.port ?? settings.port
  await prepareDatabases(env)
  onPhase('migrate')

  const shared = withoutSecrets(env)
  const host = '127.0.0.1'
  const addressOf = async (name: string, parts: readonly SupervisedProcess[]) => {
    const urls = parts.map(({ url }) => url)
    const [only = ''] = urls
    if (urls.length === 1) return only
    if (!inFront) throw new Error(`nothing stands in front of the replicas of ${name}`)
    return inFront(name, urls)
  }
  const replicasOf = (part: Domain | 'router') =>
    Array.from({ length: replicas[part] ?? 1 }, (_, index) => (index === 0 ? part : `${part}-${index + 1}`))
  const subgraphs = new Map<Domain, SupervisedProcess[]>()
  for (const [index, domain] of domains.entries()) {
    const parts: SupervisedProcess[] = []
    for (const name of replicasOf(domain)) {
      const first = name === domain
      const metricsAt = metricsPort === undefined ? {} : { METRICS_PORT: first ? `${await portAfter(metricsPort, index)}` : '0' }
      const own = { ...shared, ...ownSecrets(env, domain), HOST: host, ...metricsAt, ...envOf[name] }
      const port = first ? await portAfter(base, index) : 0
      parts.push(supervise({ name, script: `subgraphs/${domain}/src/main.ts`, env: own, port, print }))
    }
    subgraphs.set(domain, parts)
  }
  const started: SupervisedProcess[] = []
  const stop = async () => {
    const isRouter = ({ name }: SupervisedProcess) => name.startsWith('router')
    await Promise.all(started.filter(isRouter).map((part) => part.stop()))
    await Promise.all(started.map((part) => part.stop()))
  }
  try {
    started.push(...[...subgraphs.values()].flat())
    await Promise.all(started.map((subgraph) => subgraph.start()))
    onPhase('subgraphs')
    const addresses: Record<string, string> = {}
    for (const [domain, parts] of subgraphs) addresses[`${domain.toUpperCase()}_URL`] = await addressOf(domain, parts)
    const own = { ...shared, PASSPORT_SECRET: env['PASSPORT_SECRET'], HOST: settings.host, ...addresses }
    const routers = replicasOf('router').map((name) => {
      const first = name === 'router'
      const ownEnv = { ...own, ...(!first && metricsPort !== undefined && { METRICS_PORT: '0' }), ...envOf[name] }
      return supervise({ name, script: 'router/src/main.ts', env: ownEnv, port: first ? base : 0, print })
    })
    started.push(...routers)
    await Promise.all(routers.map((router) => router.start()))
    onPhase('router')
    return { url: await addressOf('router', routers), processes: Object.fromEntries(started.map((part) => [part.name, part])), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

// The one that stands at `index` after `base`, or another where that is taken.
async function portAfter(base: number, index: number): Promise<number> {
  return base === 0 ? 0 : freePort(base + 1 + index)
}

// The router has nothing to do with events.
const kafkaVariables = describeSettings({ kafka: optionalKafkaConfig }).map(({ name }) => name)

// Each process gets its own secrets and no other's, as it would on machines of its own.
function withoutSecrets(env: Environment): Environment {
  const ofDomains = domains.flatMap((domain) => [databaseVariable(domain), ...secretsOf(domain)])
  const secret = new Set(['PASSPORT_SECRET', 'EVENTS_DATABASE_URL', ...kafkaVariables, ...ofDomains])
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secret.has(name)))
}

function secretsOf(domain: Domain): string[] {
  const settings = describeSettings({ [domain]: programs[domain].config })
  return settings.flatMap(({ name, secret }) => (secret ? [name] : []))
}

function ownSecrets(env: Environment, name: Domain): Environment {
  return {
    [databaseVariable(name)]: databaseUrl(env, name),
    ...(usesKafka(env)
      ? Object.fromEntries(kafkaVariables.map((name) => [name, env[name]]))
      : { EVENTS_DATABASE_URL: databaseUrl(env, 'events') }),
    PASSPORT_KEY: Buffer.from(derivePassportKey(env['PASSPORT_SECRET'] ?? '', name)).toString('base64url'),
    ...Object.fromEntries(secretsOf(name).map((secret) => [secret, env[secret]])),
  }
}

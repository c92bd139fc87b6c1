import {
  anonymous,
  createLogger,
  openPostgresLog,
  readConfig,
  type RunningSubgraph,
  type Subgraph,
  type UserViewer,
  type Viewer,
} from '@stellr/kit'

/** Our own subgraph without anything around it: same resolvers, same database, nothing published or consumed. */
export async function startBare(program: Subgraph, env: NodeJS.ProcessEnv): Promise<RunningSubgraph> {
  const log = createLogger({ name: program.name, level: 'error' })
  const settings = readConfig({ [program.name]: program.config }, env)[program.name]
  const eventLog = await openPostgresLog({ url: env['EVENTS_DATABASE_URL'] ?? '', log })
  const databaseUrl = env[`${program.name.toUpperCase()}_DATABASE_URL`] ?? ''
  return program.start({ settings, databaseUrl, eventLog, log, background: false })
}

/** Who the gateway says is asking: nothing is proved, which makes this faster than it should be. */
export function viewerFrom(header: string | string[] | undefined): Viewer {
  return typeof header === 'string' ? (JSON.parse(header) as UserViewer) : anonymous
}

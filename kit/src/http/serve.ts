import { z } from 'zod'
import { environment, readConfig } from '../config.ts'
import { eventLogSections, openEventLog } from '../events/open-event-log.ts'
import { armFaults, faultConfig } from '../faults.ts'
import type { Subgraph } from '../graphql/define-subgraph.ts'
import { derivePassportKey } from '../identity/passports.ts'
import { createLogger } from '../log.ts'
import { announce } from './announce.ts'
import { hostSubgraph } from './host-subgraph.ts'
import { metricsConfig, serveMetrics } from './serve-metrics.ts'
import { closeOnSignals, closingConfig } from './shutdown.ts'

const platform = z.object({
  port: z.coerce.number().int().min(0).max(65535).meta({ description: 'Port to listen on', example: '4001' }),
  host: z.string().default('127.0.0.1').meta({ description: 'Address to listen on' }),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').meta({ description: 'How much to log' }),
  ...metricsConfig.shape,
  ...faultConfig.shape,
  ...closingConfig.shape,
})

const key = z.object({
  passportKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url')
    .meta({ description: 'This subgraph’s own key for passports, instead of PASSPORT_SECRET: 32 bytes in base64url', secret: true }),
})

const secret = z.object({
  passportSecret: z
    .string()
    .min(32)
    .meta({ description: 'The secret that every passport key derives from, at least 32 characters; or set PASSPORT_KEY', secret: true }),
})

const database = z.object({
  databaseUrl: z.url().meta({ description: 'Database of this subgraph', example: 'postgresql://user:password@host:5432/stellr' }),
})

/** Runs one subgraph alone behind HTTP, as its own process. */
export async function serve(subgraph: Subgraph): Promise<void> {
  const { name } = subgraph
  const env = environment()
  const identity = env['PASSPORT_KEY'] ? key : secret
  const own = { '': platform.extend(identity.shape), [name]: subgraph.config.extend(database.shape) }
  const config: Record<string, unknown> = readConfig({ ...own, ...eventLogSections(env) }, env)
  const { port, host, logLevel, fault, drainSeconds, ...metricsAt } = platform.parse(config[''])
  const { databaseUrl } = database.parse(config[name])
  armFaults(fault)
  const log = createLogger({ name, level: logLevel })
  const eventLog = await openEventLog(env, log)
  const running = await subgraph.start({ settings: config[name], databaseUrl, eventLog, log })
  const hosted = await hostSubgraph(running, { host, port, passportKey: passportKeyOf(name, config['']) })
  const metrics = await serveMetrics(metricsAt)
  const close = async () => {
    await hosted.close()
    await metrics.close()
    await eventLog.close()
  }
  closeOnSignals(close, log, { drainSeconds, leave: hosted.leave })
  announce(hosted.url, metrics.url)
  log.info({ url: hosted.url }, 'listening')
}

function passportKeyOf(name: string, settings: unknown): Uint8Array {
  const own = key.safeParse(settings)
  return own.success ? Buffer.from(own.data.passportKey, 'base64url') : derivePassportKey(secret.parse(settings).passportSecret, name)
}

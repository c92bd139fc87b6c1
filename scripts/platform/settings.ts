import { closingConfig, faultConfig, metricsConfig, optionalKafkaConfig, readConfig, type Environment, type Sections } from '@stellr/kit'
import { domains } from '@stellr/schema'
import { routerConfig } from '@stellr/router'
import { z } from 'zod'
import { dataDirConfig } from './data-dir.ts'
import { subgraphs } from './subgraphs.ts'

const databaseUrl = (whose: string) =>
  z
    .url()
    .optional()
    .meta({
      description: `Database ${whose} (PostgreSQL 15 or newer); without it, one in the PostgreSQL that the platform starts by itself`,
      example: 'postgresql://user:password@host:5432/name',
      secret: true,
    })

/** What a start of the whole platform on one machine reads, besides the settings of its parts. */
export const localConfig = z.object({
  ...dataDirConfig.shape,
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('warn')
    .meta({ env: 'LOG_LEVEL', description: 'How much to log; a process that is started alone says info' }),
  demo: z.enum(['0', '1']).optional().meta({
    env: 'STELLR_DEMO',
    description:
      'Whether a school that has no data yet is filled with the demo school, whose passwords everybody knows: 1 or 0; left out, 1 when only this machine can reach it',
  }),
  eventsDatabaseUrl: databaseUrl('of the event log, where that is not Kafka'),
  ...metricsConfig.shape,
  ...faultConfig.shape,
})

/** All settings of a start in one process, by section. */
export const platformSections = {
  '': localConfig,
  kafka: optionalKafkaConfig,
  router: routerConfig,
  ...Object.fromEntries(domains.map((domain) => [domain, subgraphs[domain].config.extend({ databaseUrl: databaseUrl(`of ${domain}`) })])),
} satisfies Sections

/** What only processes of their own need; in one process, and by `pnpm start:distributed`, they are made up once. */
export const distributedSections = {
  '': z.object({
    passportSecret: z.string().min(32).optional().meta({
      description: 'The secret that the router’s passports derive from: for the router, and for subgraphs without a PASSPORT_KEY',
      secret: true,
    }),
    passportKey: z.string().optional().meta({ description: 'One subgraph’s own key for passports: 32 bytes in base64url', secret: true }),
    ...closingConfig.shape,
  }),
  ...Object.fromEntries(
    domains.map((domain) => [
      domain,
      z.object({
        url: z
          .url()
          .optional()
          .meta({ description: `Where the router finds ${domain}`, example: `http://127.0.0.1:${4001 + domains.indexOf(domain)}` }),
      }),
    ]),
  ),
} satisfies Sections

/** Whether the settings ask for the demo school. */
export function wantsDemo(env: Environment): boolean {
  const { router, '': own } = readConfig({ router: routerConfig, '': localConfig }, env)
  return own.demo === undefined ? ['127.0.0.1', '::1', 'localhost'].includes(router.host) : own.demo === '1'
}

import { domains, type Domain } from '@stellr/schema'
import { z } from 'zod'

const atLeastOne = (byDefault: number, description: string) => z.coerce.number().int().min(1).default(byDefault).meta({ description })
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
)

/** What the router lets an operator set, as ROUTER_<NAME> or the name that is given. The defaults are safe on the open internet. */
export const routerConfig = z.object({
  port: z.coerce.number().int().min(0).max(65535).default(4000).meta({ env: 'PORT', description: 'Port of the one endpoint' }),
  host: z.string().default('127.0.0.1').meta({ env: 'HOST', description: 'Address to listen on' }),
  publicUrl: z.url().optional().meta({
    env: 'PUBLIC_URL',
    description: 'Address under which clients reach it; without it, where it listens',
    example: 'https://api.example.org',
  }),
  tokenIssuer: z.string().default('stellr').meta({ env: 'AUTH_ISSUER', description: 'The issuer (iss) that access tokens must name' }),
  corsOrigins: list.default([]).meta({ description: 'Origins whose pages may call the endpoint, separated by commas' }),
  trustProxy: z.string().optional().meta({ description: 'Addresses of proxies whose X-Forwarded-For is believed, separated by commas' }),
  subgraphTimeoutMs: atLeastOne(5000, 'Milliseconds that a subgraph may take for one fetch'),
  requestTimeoutMs: atLeastOne(30_000, 'Milliseconds that a client may take to send a request'),
  breakerFailures: atLeastOne(5, 'How many fetches from a subgraph must fail in a row before no more are sent'),
  breakerProbeSeconds: atLeastOne(5, 'Seconds after which one fetch is sent again'),
  maxBodyBytes: atLeastOne(524_288, 'Largest request body in bytes'),
  maxTokens: atLeastOne(2000, 'Words and signs in an operation'),
  maxDepth: atLeastOne(15, 'Fields within fields in an operation, fragments expanded'),
  maxRootFields: atLeastOne(20, 'Fields at the top of an operation'),
  maxAliases: atLeastOne(30, 'Aliases in an operation, fragments expanded'),
  maxDirectives: atLeastOne(50, 'Directives in an operation, fragments expanded'),
  maxSpreads: atLeastOne(200, 'Fragment spreads in an operation, fragments expanded'),
  maxSelections: atLeastOne(500, 'Fields in an operation, fragments expanded'),
  maxSockets: atLeastOne(10_000, 'Sockets at once'),
  maxSocketsPerAddress: atLeastOne(1000, 'Sockets at once from one address, which a whole school may share'),
  maxSocketsPerUser: atLeastOne(50, 'Sockets at once of one person'),
  maxSocketsWaiting: atLeastOne(1000, 'Sockets at once that have not sent connection_init yet'),
  socketInitMs: atLeastOne(3000, 'Milliseconds within which a socket must send connection_init'),
  maxSocketOperations: atLeastOne(50, 'Operations at once on one socket'),
  maxSocketMessageBytes: atLeastOne(65_536, 'Largest message from a socket in bytes'),
  maxSocketMessagesPerSecond: atLeastOne(100, 'Messages in one second from one socket'),
  socketPingMs: atLeastOne(20_000, 'Milliseconds of silence after which a socket is asked for a sign of life'),
  socketPongMs: atLeastOne(10_000, 'Milliseconds after which a socket that gives none is dropped'),
  socketUnreadMs: atLeastOne(30_000, 'Milliseconds after which a socket that does not read what it is sent is dropped'),
  maxSocketUnreadBytes: atLeastOne(16_777_216, 'Bytes that a socket may leave unread when it sends something more'),
  subscriptionPatienceMs: atLeastOne(30_000, 'Milliseconds that a subscription waits for a subgraph which is away'),
})

export type RouterSettings = z.output<typeof routerConfig>

/** What the router needs besides when its subgraphs are processes of their own. */
export const distributedConfig = z.object({
  passportSecret: z
    .string()
    .min(32)
    .meta({ env: 'PASSPORT_SECRET', description: 'The secret that every passport key derives from, at least 32 characters', secret: true }),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .meta({ env: 'LOG_LEVEL', description: 'How much to log' }),
})

const address = z.object({ url: z.url().meta({ description: 'Where the subgraph listens', example: 'http://127.0.0.1:4001' }) })

/** One section for each domain, so that the address of auth is AUTH_URL. */
export const addresses = Object.fromEntries(domains.map((domain) => [domain, address])) as Record<Domain, typeof address>

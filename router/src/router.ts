import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { createHttpHost, fromRoot, systemClock, type Clock, type Logger } from '@stellr/kit'
import { domains, publicRoutes, supergraphSdl } from '@stellr/schema'
import type { FastifyInstance } from 'fastify'
import { readFileSync } from 'node:fs'
import { createErrorFormat } from './errors.ts'
import { openGateway, type Transports } from './gateway.ts'
import { createCallerOf } from './http/caller.ts'
import { mountEndpoint } from './http/endpoint.ts'
import { secure } from './http/security.ts'
import { createSockets } from './http/sockets.ts'
import { askThrough } from './identity/ask-auth.ts'
import { createIdentity } from './identity/identity.ts'
import { createRefusals } from './identity/refusals.ts'
import { createLimits } from './operations/limits.ts'
import { readRules } from './operations/rules.ts'
import { pipeline } from './pipeline.ts'
import type { RequestContext } from './request-context.ts'
import type { RouterSettings } from './settings.ts'

export interface RouterOptions {
  settings: RouterSettings
  /** How each domain's subgraph is reached, by its name. The router closes them. */
  transports: Transports
  log: Logger
  clock?: Clock
  /** The composed schema, and the copy of it that the gateway accepts; the committed ones unless a test has others. */
  supergraph?: { sdl: string; gatewaySdl: string }
}

/** The one endpoint over all subgraphs. */
export interface Router {
  app: FastifyInstance
  /** Listens and returns the address. */
  listen(at: { host: string; port: number }): Promise<string>
  /** Where it listens. Throws when it does not. */
  url(): string
  /** Stops accepting, finishes what is in flight, then lets go of the subgraphs. */
  close(): Promise<void>
}

/**
 * Makes the router; it may be asked at once, but is not ready (/readyz) before auth has told its keys and revocations.
 * Throws when a domain has no transport.
 */
export async function createRouter(options: RouterOptions): Promise<Router> {
  const { settings, transports, log: parentLog, clock = systemClock, supergraph = readSupergraph() } = options
  const log = parentLog.child({ service: 'router' })
  const auth = transports['auth']
  if (!auth) throw new Error('no transport leads to auth')
  const ask = askThrough(auth)
  const identity = createIdentity({ ask, issuer: settings.tokenIssuer, clock, log })
  const refusals = createRefusals(ask, log)

  const format = createErrorFormat(log)

  const apollo = new ApolloServer<RequestContext>({
    gateway: openGateway({
      supergraphSdl: supergraph.gatewaySdl,
      transports,
      subscriptionPatienceMs: settings.subscriptionPatienceMs,
      format,
      log,
    }),
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: log,
    parseOptions: { maxTokens: settings.maxTokens },
    formatError: format,
    plugins: [
      pipeline(readRules(supergraph.sdl), refusals, log),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  })
  await apollo.start()

  const app = createHttpHost({
    name: 'router',
    log,
    ready: () => identity.ready(),
    bodyLimit: settings.maxBodyBytes,
    requestTimeoutMs: settings.requestTimeoutMs,
    ...(settings.trustProxy !== undefined && { trustProxy: settings.trustProxy }),
  })
  await secure(app, settings)
  for (const domain of domains) await transports[domain]?.mount(app, publicRoutes[domain] ?? [])
  const checkLimits = createLimits(limitsOf(settings))
  const callerOf = createCallerOf(app, settings)
  const openSocket = createSockets(app, { apollo, identity, callerOf, checkLimits, format, settings })
  mountEndpoint(app, { apollo, identity, callerOf, checkLimits, openSocket })
  await identity.refresh()

  const close = async () => {
    await app.close()
    identity.stop()
    await apollo.stop()
    await refusals.close()
    await Promise.all(Object.values(transports).map((transport) => transport.close()))
  }
  let address: string | null = null
  let closing: Promise<void> | null = null
  return {
    app,
    async listen(at) {
      address = await app.listen(at)
      return address
    },
    url() {
      if (address === null) throw new Error('the router is not listening')
      return address
    },
    close() {
      closing ??= close()
      return closing
    },
  }
}

function readSupergraph() {
  return { sdl: supergraphSdl(), gatewaySdl: readFileSync(fromRoot('schema/generated/supergraph.gateway.graphql'), 'utf8') }
}

function limitsOf(settings: RouterSettings) {
  const { maxTokens, maxDepth, maxRootFields, maxAliases, maxDirectives, maxSpreads, maxSelections } = settings
  return {
    tokens: maxTokens,
    depth: maxDepth,
    rootFields: maxRootFields,
    aliases: maxAliases,
    directives: maxDirectives,
    spreads: maxSpreads,
    selections: maxSelections,
  }
}

import { DomainError, type SubgraphDefinition } from '@stellr/kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { config } from './config.ts'
import type { Backstage, Services } from './context.ts'
import { watchWaiting, webhooks } from './metrics.ts'
import { ProviderUnavailable, WebhookRefused, type Provider } from './providers/provider.ts'
import { receiptRoutes } from './receipts/routes.ts'
import type { Store } from './store.ts'
import { takeNotice } from './take-notice.ts'

// Far more than any provider sends.
const LARGEST_WEBHOOK = 64 * 1024

/** Plain HTTP: the webhooks of every provider, and each one's own pages. */
export const routes: NonNullable<SubgraphDefinition<typeof config, Store, Services>['routes']> = (app, backstage) => {
  const { services } = backstage()
  const unwatch = watchWaiting(backstage)
  app.addHook('onClose', async () => unwatch())
  void app.register(async (scope) => receiptRoutes(scope, backstage))
  for (const provider of Object.values(services.providers)) {
    void app.register(async (scope) => webhookOf(scope, provider, backstage))
    void app.register(async (scope) => provider.routes?.(scope))
    app.addHook('onListen', async () => provider.start?.(ownUrl(app)))
    app.addHook('onClose', async () => provider.close?.())
  }
}

function webhookOf(scope: FastifyInstance, provider: Provider, backstage: () => Backstage): void {
  // What is signed are the bytes: nothing may parse them before.
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST_WEBHOOK }, async (_request: FastifyRequest, body: Buffer) => body)
  scope.post(`/webhooks/${provider.name}`, { bodyLimit: LARGEST_WEBHOOK }, (request, reply) =>
    receive(request, reply, provider, backstage()),
  )
}

async function receive(
  { body, headers, id }: FastifyRequest,
  reply: FastifyReply,
  provider: Provider,
  tools: Backstage,
): Promise<FastifyReply> {
  const count = (outcome: string) => webhooks.inc({ provider: provider.name, outcome })
  try {
    const notice = provider.readWebhook(Buffer.isBuffer(body) ? body : Buffer.alloc(0), flat(headers), tools.clock.now())
    count(await takeNotice(tools, provider, notice))
    return await reply.code(200).send({ received: true })
  } catch (error) {
    if (error instanceof WebhookRefused) {
      count('refused')
      tools.log.warn({ provider: provider.name, correlationId: id, reason: error.message }, 'a webhook is refused')
      throw new DomainError('BAD_REQUEST')
    }
    count('failed')
    if (!(error instanceof ProviderUnavailable)) throw error
    // It comes again.
    throw new DomainError('SERVICE_UNAVAILABLE')
  }
}

function flat(headers: FastifyRequest['headers']): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]))
}

// Where this very process answers, whatever the world calls it.
function ownUrl(app: FastifyInstance): string {
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no address')
  const isEverywhere = address.address === '0.0.0.0' || address.address === '::'
  const host = isEverywhere ? '127.0.0.1' : address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}

import { createHttpHost, createLogger, openDatabase, systemClock, systemRandom, type Clock } from '@stellr/kit'
import { withMigrations } from '@stellr/kit/testing'
import type { Provider, ProviderPayment } from '../../subgraphs/payments/src/providers/provider.ts'
import type { Act } from '../../subgraphs/payments/src/providers/sandbox/bank.ts'
import { createSandbox } from '../../subgraphs/payments/src/providers/sandbox/sandbox.ts'
import { store } from '../../subgraphs/payments/src/store.ts'
import { playSandbox, secretOf } from '../../subgraphs/payments/src/testing/play.ts'
import type { Stage } from '../payments/provider.contract.ts'

export interface Heard {
  body: Buffer
  headers: Record<string, string | undefined>
}

export interface SandboxStage extends Stage {
  provider: Provider
  url: string
  /** Every webhook that came, in order, with how it was to be answered. */
  heard: readonly Heard[]
  /** What the webhook's endpoint answers from now on; 200 at first. */
  answer(status: number): void
  play(payment: Pick<ProviderPayment, 'clientSecret' | 'checkoutUrl'>, act: Act): Promise<void>
}

/** The sandbox with a database of its own, and nobody behind its webhooks. */
export async function openSandboxStage({ clock = systemClock }: { clock?: Clock } = {}): Promise<SandboxStage> {
  const log = createLogger({ name: 'payments', level: 'silent' })
  const database = await openDatabase({ name: 'payments', url: await withMigrations('payments'), store, poolSize: 5, log })
  const secret = Buffer.alloc(32, 'sandbox')
  const provider = createSandbox({ store: database.store, clock, random: systemRandom, log, secret })
  const app = createHttpHost({ name: 'payments', log, ready: async () => ({ ok: true, checks: {} }) })
  const heard: Heard[] = []
  let status = 200
  await app.register(async (scope) => provider.routes?.(scope))
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: unknown) => body)
    scope.post<{ Body: Buffer }>('/webhooks/sandbox', async ({ body, headers }, reply) => {
      heard.push({ body, headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])) })
      return reply.code(status).send()
    })
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  provider.start?.(url)
  const play: SandboxStage['play'] = ({ clientSecret, checkoutUrl }, act) => playSandbox(url, clientSecret ?? secretOf(checkoutUrl), act)
  return {
    provider,
    url,
    heard,
    answer(given) {
      status = given
    },
    play,
    pay: (payment, card) => play(payment, { act: 'pay', card, afterSeconds: 0 }),
    dispute: (payment) => play(payment, { act: 'dispute' }),
    async close() {
      await provider.close?.()
      await app.close()
      await database.close()
    },
  }
}

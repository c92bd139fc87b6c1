import { DomainError, errorCodes, parseInput, type Html } from '@stellr/kit'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { SandboxFile } from '../../store/sandbox.ts'
import { play } from './bank.ts'
import { CHECKOUT_PATH, readFile } from './books.ts'
import { cardNames } from './cards.ts'
import { checkoutPage, problemPage } from './pages.ts'
import { styleHash } from './style.ts'
import type { SandboxTools } from './tools.ts'

const LARGEST_BODY = 4096

const clientSecret = z.string().min(1).max(200)
const isYes = z.union([z.boolean(), z.stringbool()])
const act = z.discriminatedUnion('act', [
  z.object({ act: z.literal('pay'), card: z.enum(cardNames), afterSeconds: z.coerce.number().min(0).max(86_400).optional() }),
  z.object({ act: z.literal('authenticate'), passed: isYes }),
  z.object({ act: z.literal('decide'), paid: isYes }),
  z.object({ act: z.literal('dispute') }),
  z.object({ act: z.literal('close_dispute'), won: isYes }),
  z.object({ act: z.literal('send_again') }),
])

/** What apps do with a provider's SDK: whoever has the client secret pays with it, and plays the bank. By JSON, or by hand on a page. */
export function sandboxRoutes(app: FastifyInstance, tools: SandboxTools, wake: () => void): void {
  app.get<{ Querystring: Query }>('/sandbox/payments', async ({ query }) => shown(await fileOf(tools, query['clientSecret'])))

  app.post('/sandbox/payments', { bodyLimit: LARGEST_BODY }, async ({ body }) => {
    const { clientSecret: secret } = parseInput(z.looseObject({ clientSecret }), body, 'body')
    await perform(tools, await fileOf(tools, secret), body, wake)
    return shown(await fileOf(tools, secret))
  })

  void app.register(async (scope) => pageRoutes(scope, tools, wake))
}

type Query = Record<string, unknown>

function pageRoutes(app: FastifyInstance, tools: SandboxTools, wake: () => void): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<string>('application/x-www-form-urlencoded', { parseAs: 'string' }, async (_request: unknown, body: string) =>
    Object.fromEntries(new URLSearchParams(body)),
  )
  // Errors are shown with these, too.
  app.addHook('onRequest', async (_request, reply) => void reply.headers(headers))
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = statusOf(error)
    // Whatever is wrong with us is said, and logged, as everywhere.
    if (status >= 500) throw error
    return show(reply, status, problemPage(status))
  })

  app.get<{ Querystring: Query }>(CHECKOUT_PATH, async ({ query }, reply) => {
    const file = await fileOf(tools, query['payment'])
    return show(reply, 200, checkoutPage(await withEvents(tools, file)))
  })

  app.post<{ Querystring: Query }>(CHECKOUT_PATH, { bodyLimit: LARGEST_BODY }, async ({ body, query }, reply) => {
    const secret = query['payment']
    const before = await fileOf(tools, secret)
    try {
      await perform(tools, before, body, wake)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      const now = await withEvents(tools, await fileOf(tools, secret))
      return show(reply, statusOf(error), checkoutPage(now, statusOf(error)))
    }
    // Relative, and so right whatever the world calls this place.
    return reply.redirect(`?payment=${encodeURIComponent(before.payment.clientSecret)}`, 303)
  })
}

const headers = {
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

function show(reply: FastifyReply, status: number, page: Html): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(String(page))
}

function statusOf(error: FastifyError | DomainError): number {
  return error instanceof DomainError ? errorCodes[error.code].status : (error.statusCode ?? 500)
}

async function perform(tools: SandboxTools, { payment }: SandboxFile, body: unknown, wake: () => void): Promise<void> {
  await play(tools, payment.id, parseInput(act, body, 'body'))
  wake()
}

async function fileOf({ store }: SandboxTools, secret: unknown): Promise<SandboxFile> {
  const given = clientSecret.safeParse(secret)
  // Postgres text cannot hold NUL.
  const file = given.success && !given.data.includes('\u0000') ? await store().sandboxFileOfSecret(given.data) : null
  if (!file) throw new DomainError('NOT_FOUND')
  return file
}

async function withEvents({ store }: SandboxTools, file: SandboxFile) {
  return { ...file, events: await store().sandboxEventsOf(file.payment.id) }
}

function shown(file: SandboxFile) {
  const { disputes, failure, price, refunds, state } = readFile(file)
  return { state, price, failure, refunds, disputes }
}

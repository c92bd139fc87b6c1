import { DomainError, parseInput } from '@stellr/kit'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { SandboxFile } from '../../store/sandbox.ts'
import { play, type Act } from './bank.ts'
import { readFile } from './books.ts'
import { cardNames } from './cards.ts'
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

/** What apps do with a provider's SDK: whoever has the client secret pays with it, and plays the bank. */
export function sandboxRoutes(app: FastifyInstance, tools: SandboxTools, wake: () => void): void {
  app.get<{ Querystring: Record<string, unknown> }>('/sandbox/payments', async ({ query }) =>
    shown(await fileOf(tools, query['clientSecret'])),
  )

  app.post('/sandbox/payments', { bodyLimit: LARGEST_BODY }, async ({ body }) => {
    const { clientSecret: secret } = parseInput(z.looseObject({ clientSecret }), body, 'body')
    await perform(tools, secret, parseInput(act, body, 'body'), wake)
    return shown(await fileOf(tools, secret))
  })
}

async function perform(tools: SandboxTools, secret: string, wanted: Act, wake: () => void): Promise<void> {
  const { payment } = await fileOf(tools, secret)
  await play(tools, payment.id, wanted)
  wake()
}

async function fileOf({ store }: SandboxTools, secret: unknown): Promise<SandboxFile> {
  const given = clientSecret.safeParse(secret)
  // Postgres text cannot hold NUL.
  const file = given.success && !given.data.includes('\u0000') ? await store().sandboxFileOfSecret(given.data) : null
  if (!file) throw new DomainError('NOT_FOUND')
  return file
}

function shown(file: SandboxFile) {
  const { disputes, failure, price, refunds, state } = readFile(file)
  return { state, price, failure, refunds, disputes }
}

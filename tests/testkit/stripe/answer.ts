import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text as bodyOf } from 'node:stream/consumers'
import { routes, type Route } from './api.ts'
import type { Fault, Faults } from './faults.ts'
import { readForm, type Params } from './form.ts'
import type { Answer, Keys } from './idempotency.ts'
import { authenticate } from './intents.ts'
import { invalid, Refusal } from './refusal.ts'
import type { RefundOutcome } from './refunds.ts'
import { expireOverdue, payOnPage } from './sessions.ts'
import { show } from './show.ts'
import type { World } from './world.ts'

export interface Request {
  method: string
  path: string
  params: Params
  /** The same, as it was sent. */
  text: string
  headers: IncomingMessage['headers']
}

export interface ApiTools {
  world: World
  faults: Faults
  keys: Keys
  requests: Request[]
  url: string
  secretKey: string
  publishableKey: string
  refundOutcome: () => RefundOutcome
}

/** Answers requests as Stripe does, with its errors, keys and expansions, or fails as it was told to. */
export function createApi(tools: ApiTools): RequestListener {
  return (request, response) => {
    receive(tools, request, response).catch((error: unknown) => {
      console.error(error)
      response.writeHead(500).end()
    })
  }
}

async function receive(tools: ApiTools, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname: path, search } = new URL(incoming.url ?? '/', tools.url)
  const body = await bodyOf(incoming)
  const method = incoming.method ?? 'GET'
  const text = method === 'GET' ? search.slice(1) : body
  const request: Request = { method, path, params: readForm(text), text, headers: incoming.headers }
  const isApi = path.startsWith('/v1/')
  if (isApi && !isPayer(tools, request)) tools.requests.push(request)
  const failing = isApi ? tools.faults.next(method, path) : undefined
  if (failing && failing.fault !== 'lost' && failing.fault !== 'wait') return failWith(failing.fault, response)
  const answer = await answerOnce(tools, request, body, failing?.fault === 'wait' ? failing.released : undefined)
  if (failing?.fault === 'lost') return void response.destroy()
  const headers = { 'content-type': 'application/json', 'request-id': `req_${tools.requests.length}`, ...answer.headers }
  response.writeHead(answer.status, headers).end(JSON.stringify(answer.body))
}

function failWith(fault: Exclude<Fault, 'lost' | 'wait'>, response: ServerResponse): void {
  const json = { 'content-type': 'application/json' }
  const error = (status: number, type: string, message: string) =>
    void response.writeHead(status, json).end(JSON.stringify({ error: { type, message } }))
  if (fault === 'hang') return
  if (fault === 'trickle') {
    response.writeHead(200, json).write('{ ')
    const drip = setInterval(() => response.write(' '), 50)
    response.on('close', () => clearInterval(drip))
    return
  }
  if (fault === 'nonsense') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>maintenance</html>')
  if (fault === 'empty') return void response.writeHead(200, json).end('{}')
  if (fault === 'busy') return error(429, 'invalid_request_error', 'Too many requests hit the API too quickly.')
  if (fault === 'unauthorized') return error(401, 'invalid_request_error', 'Invalid API Key provided: sk_test_****')
  error(500, 'api_error', 'Something went wrong on Stripe’s end.')
}

type Answered = Answer & { headers?: Record<string, string> }

async function answerOnce(tools: ApiTools, request: Request, body: string, released?: Promise<void>): Promise<Answered> {
  const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined
  const work = async () => {
    await released
    return answer(tools, request)
  }
  try {
    if (typeof key !== 'string') return await work()
    const { isReplayed, ...kept } = await tools.keys.once(key, `${request.path}\n${body}`, work)
    return { ...kept, headers: { 'idempotency-key': key, ...(isReplayed && { 'idempotent-replayed': 'true' }) } }
  } catch (error) {
    return refusalOf(error)
  }
}

function answer(tools: ApiTools, request: Request): Answer {
  const { world, url } = tools
  expireOverdue(world)
  const page = payersPage(world, request)
  if (page) return page
  const route = routes.find(({ method, path }) => method === request.method && path.test(request.path))
  if (!route) throw new Refusal(404, { type: 'invalid_request_error', message: `Unrecognized request URL (${request.path}).` })
  admit(tools, request, route)
  const id = route.path.exec(request.path)?.groups?.['id'] ?? ''
  const found = route.answer({ world, url, id, refundOutcome: tools.refundOutcome() }, request.params)
  const { expand } = request.params
  return { status: 200, body: show(world, found, Array.isArray(expand) ? expand.filter((path) => typeof path === 'string') : []) }
}

// Stripe's checkout page, and the page of the payer's bank.
function payersPage(world: World, { method, path, params }: Request): Answer | null {
  if (method !== 'POST') return null
  const checkout = /^\/c\/pay\/(.+)$/.exec(path)?.[1]
  if (checkout) {
    payOnPage(world, world.get('checkout.session', checkout), String(params['payment_method']))
    return { status: 200, body: {} }
  }
  const intent = /^\/bank\/(.+)$/.exec(path)?.[1]
  if (intent) {
    authenticate(world, world.get('payment_intent', intent), params['owner'] === 'true')
    return { status: 200, body: {} }
  }
  return null
}

function admit({ secretKey, publishableKey }: ApiTools, { headers }: Request, { forPayers = false }: Route): void {
  if (headers.authorization === `Bearer ${secretKey}`) return
  if (forPayers && headers.authorization === `Bearer ${publishableKey}`) return
  throw new Refusal(401, { type: 'invalid_request_error', message: 'Invalid API Key provided.' })
}

function isPayer({ publishableKey }: ApiTools, { headers }: Request): boolean {
  return headers.authorization === `Bearer ${publishableKey}`
}

function refusalOf(error: unknown): Answer {
  const refusal = error instanceof Refusal ? error : invalid(String(error))
  if (!(error instanceof Refusal)) console.error(error)
  return { status: refusal.status, body: { error: { ...refusal.error, doc_url: 'https://docs.stripe.com/error-codes' } } }
}

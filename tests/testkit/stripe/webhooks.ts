import { createHmac } from 'node:crypto'

/** The header that proves who sent a body, and when: one signature for each secret. */
export function sign(body: string | Buffer, secrets: readonly string[], at: Date): string {
  const time = Math.floor(at.getTime() / 1000)
  const signatures = secrets.map((secret) => createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex'))
  return [`t=${time}`, ...signatures.map((signature) => `v1=${signature}`)].join(',')
}

export interface Endpoint {
  url: string
  secrets: readonly string[]
}

/** Sends an event as Stripe does. Returns the status of the answer; 0 when there was none. */
export async function deliver({ url, secrets }: Endpoint, event: object, at: Date): Promise<number> {
  const body = JSON.stringify(event, null, 2)
  const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': sign(body, secrets, at) }
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return 0
  }
}

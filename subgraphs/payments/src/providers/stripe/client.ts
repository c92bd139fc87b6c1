import { Stripe } from 'stripe'

/** The version of Stripe's API that this code was written for; its webhooks are to be sent in the same one. */
export const API_VERSION = '2026-10-28.endive'

// Somebody waits for most answers, and the router waits for five seconds.
const TIMEOUT_MS = 3000
const RETRIES = 1

export function createClient({ secretKey, apiUrl }: { secretKey: string; apiUrl?: string | undefined }): Stripe {
  return new Stripe(secretKey, {
    apiVersion: API_VERSION,
    timeout: TIMEOUT_MS,
    maxNetworkRetries: RETRIES,
    telemetry: false,
    // Node's own client starts its timeout anew with every byte that arrives; this one ends the whole request.
    httpClient: Stripe.createFetchHttpClient(fetchHere),
    ...(apiUrl !== undefined && addressOf(apiUrl)),
  })
}

// The key goes to Stripe alone, wherever an answer may point.
const fetchHere: typeof fetch = (url, init) => fetch(url, { ...init, redirect: 'error' })

function addressOf(apiUrl: string): { protocol: 'http' | 'https'; host: string; port?: string } {
  const { protocol, hostname, port } = new URL(apiUrl)
  return { protocol: protocol === 'http:' ? 'http' : 'https', host: hostname, port: port || (protocol === 'http:' ? '80' : '443') }
}

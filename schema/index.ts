import { readFileSync } from 'node:fs'

/** The domains that the supergraph is composed of, in the order in which they are shown. */
export const domains = ['auth', 'users', 'courses', 'enrollments', 'progress', 'payments'] as const

export type Domain = (typeof domains)[number]

/** The plain HTTP paths that a domain serves beside GraphQL, reached through the router. */
export const publicRoutes: Partial<Record<Domain, readonly string[]>> = {
  auth: ['/.well-known/jwks.json'],
  payments: ['/webhooks/stripe', '/webhooks/sandbox', '/receipts', '/sandbox/checkout', '/sandbox/payments'],
}

/** The composed supergraph with every directive: what the router reads its rules from. */
export function supergraphSdl(): string {
  return readFileSync(new URL('supergraph.graphql', import.meta.url), 'utf8')
}

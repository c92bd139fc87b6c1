import { systemRandom, type Role, type RunningSubgraph, type UserViewer } from '@stellr/kit'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose'
import { fakeSubgraph, type FakeResolvers, type FakeSubgraph } from './fake-subgraph.ts'

export interface Revocation {
  sid: string | null
  sub: string | null
  minVer: number | null
  expiresAt: string
}

export interface FakeAuth {
  subgraph: FakeSubgraph
  /** Appended to at will; asked for by the router. */
  revocations: Revocation[]
  keysAsked: number
  /** Publishes another key and signs with it from now on; `retire` takes the former ones away. */
  rotate(options?: { retire?: boolean }): Promise<void>
  /** The published keys as auth would tell them. */
  keySet(): Promise<string>
  token(options?: TokenOptions): Promise<string>
}

export interface TokenOptions {
  viewer?: Partial<UserViewer>
  claims?: JWTPayload
  header?: Record<string, unknown>
  key?: CryptoKey | Uint8Array
  now?: Date
}

const scopes: Record<Role, string> = { STUDENT: 'learn', INSTRUCTOR: 'learn author', ADMIN: 'learn author admin' }

/** Auth as the router knows it: it signs, publishes keys and revokes. */
export async function fakeAuth(resolvers: FakeResolvers = {}, routes?: RunningSubgraph['routes']): Promise<FakeAuth> {
  const pairs = [await newPair()]
  const current = () => pairs.at(-1) ?? unreachable()
  const auth: FakeAuth = {
    subgraph: fakeSubgraph(
      'auth',
      {
        ...resolvers,
        Query: {
          signingKeys: () => {
            auth.keysAsked += 1
            return auth.keySet()
          },
          revocations: (_source: unknown, { since }: { since: string | null }) => ({
            cursor: String(auth.revocations.length),
            revocations: auth.revocations.slice(Number(since ?? 0)),
          }),
          ...resolvers['Query'],
        },
      },
      routes,
    ),
    revocations: [],
    keysAsked: 0,
    async rotate({ retire = false } = {}) {
      if (retire) pairs.length = 0
      pairs.push(await newPair())
    },
    async keySet() {
      const keys = await Promise.all(
        pairs.map(async ({ kid, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' })),
      )
      return JSON.stringify({ keys })
    },
    async token({ viewer = {}, claims = {}, header = {}, key, now = new Date() } = {}) {
      const { kid, privateKey } = current()
      const issuedAt = Math.floor(now.getTime() / 1000)
      const role = viewer.role ?? 'STUDENT'
      const own = { sub: viewer.id ?? systemRandom.id(), sid: viewer.sessionId ?? systemRandom.id(), role, scope: scopes[role], ver: 0 }
      const times = { iat: issuedAt, nbf: issuedAt, exp: issuedAt + 300 }
      return new SignJWT({ iss: 'stellr', aud: 'stellr', ...own, ...times, ...claims })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid, ...header })
        .sign(key ?? privateKey)
    },
  }
  return auth
}

async function newPair() {
  return { kid: systemRandom.id(), ...(await generateKeyPair('EdDSA', { extractable: true })) }
}

function unreachable(): never {
  throw new Error('there is always a key')
}

import { DomainError, plusSeconds } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { record } from '../history.ts'
import { maySignIn } from '../policy.ts'
import { addressOf } from '../services/limits.ts'
import type { GenuineToken } from '../services/refresh-tokens.ts'
import { deviceOf, endSession, sessionEnd, signedIn, type SignedIn } from '../sessions.ts'
import type { StoredSession } from '../store.ts'

export const input = z.object({ refreshToken: z.string().min(1).max(200) })

const GRACE_SECONDS = 10

/** A refresh token is exchanged for its successor. Sent twice within the grace it gives the same one, later it counts as stolen. */
export async function refreshSession(context: Context, { refreshToken }: z.infer<typeof input>): Promise<SignedIn> {
  const { caller, services, store } = context
  await services.limits.spend('refreshPerAddress', addressOf(caller))
  const presented = services.refreshTokens.read(refreshToken)
  if (!presented) throw expired()
  await services.limits.spend('refreshPerSession', presented.sessionId)

  const successor = (await rotate(context, presented)) ?? (await successorOfBefore(context, presented))
  if (!successor) {
    await endAsStolen(context, presented.sessionId)
    throw expired()
  }
  const account = await store.account(successor.session.accountId)
  if (!account || !maySignIn(account.status)) throw expired()
  return signedIn(context, account, successor.session.id, successor.token)
}

interface Successor {
  session: StoredSession
  token: string
}

/** Null when the token is not the one that is valid now: never was, or another request was faster. */
async function rotate({ caller, clock, random, services, store }: Context, presented: GenuineToken): Promise<Successor | null> {
  const now = clock.now()
  const before = await requireLive(await store.session(presented.sessionId), now)
  const nonce = new Uint8Array(random.bytes(16))
  const { token, hash } = services.refreshTokens.successor(presented, nonce)
  const expiresAt = sessionEnd(services.settings, before.createdAt, now)
  const session = await store.rotateSession(before.id, { from: presented.hash, to: hash, nonce, expiresAt, ...deviceOf(caller) }, now)
  return session && { session, token }
}

/** The successor that the token got a moment ago, computed again; null when that was too long ago or has been used since. */
async function successorOfBefore({ clock, services, store }: Context, presented: GenuineToken): Promise<Successor | null> {
  const now = clock.now()
  const session = await requireLive(await store.session(presented.sessionId), now)
  const { previousHash, nonce, rotatedAt } = session
  if (!previousHash || !nonce || !rotatedAt || !Buffer.from(previousHash).equals(presented.hash)) return null
  if (now > plusSeconds(rotatedAt, GRACE_SECONDS)) return null
  return { session, token: services.refreshTokens.successor(presented, nonce).token }
}

// Two hold tokens of one session, and nobody can tell which of them is the thief: both are out.
async function endAsStolen(context: Context, sessionId: string): Promise<void> {
  await context.store.transaction(async (tx) => {
    const ended = await endSession(context, tx, sessionId, 'TOKEN_REUSED')
    if (ended) await record(tx, context, { type: 'TOKEN_REUSED', accountId: ended.accountId, actorId: null, data: { sessionId } })
  })
  context.log.warn({ sessionId }, 'a refresh token was used again; its session is ended')
}

async function requireLive(session: StoredSession | null, now: Date): Promise<StoredSession> {
  if (!session || session.revokedAt || session.expiresAt <= now) throw expired()
  return session
}

function expired(): DomainError {
  return new DomainError('UNAUTHENTICATED', undefined, 'The session has ended; sign in again.')
}

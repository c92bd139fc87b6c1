import { plusSeconds, type Caller } from '@stellr/kit'
import { SessionRevoked } from '@stellr/schema/events/auth'
import { tokenMemorySeconds, type Settings } from './config.ts'
import type { Backstage, Context, Tx } from './context.ts'
import type { AccountRow, SessionRow } from './models.ts'
import { scopesOf } from './policy.ts'
import type { EndReason } from './store.ts'

const DAY = 24 * 60 * 60
const LONGEST_USER_AGENT = 200
const MOST_SESSIONS = 50

type Tools = Pick<Backstage, 'clock' | 'random' | 'services'>

/** What signing in answers, whichever way it was done. */
export interface SignedIn {
  accessToken: string
  refreshToken: string
  expiresIn: number
  user: AccountRow
}

/** Opens a session for the account on the caller's device, and ends the oldest beyond fifty. Hold the account's lock, or have just made it. */
export async function openSession(
  { clock, random, services, caller }: Context,
  tx: Tx,
  account: AccountRow,
): Promise<{ session: SessionRow; refreshToken: string }> {
  const now = clock.now()
  const id = random.id()
  const { token, hash } = services.refreshTokens.first(id)
  const session = await tx.insertSession({
    id,
    accountId: account.id,
    tokenHash: hash,
    ...deviceOf(caller),
    lastUsedAt: now,
    expiresAt: sessionEnd(services.settings, now, now),
    createdAt: now,
    updatedAt: now,
  })
  // Ending all of them must fit into one transaction, or an account with very many could not be blocked any more.
  const live = await tx.liveSessions(account.id, now, MOST_SESSIONS + 1, null)
  for (const surplus of live.slice(MOST_SESSIONS)) await endSession({ clock, random, services }, tx, surplus.id, 'REVOKED')
  return { session, refreshToken: token }
}

/** The answer to a sign-in: its tokens, and the rest of the operation as whoever has just signed in. */
export async function signedIn(context: Context, account: AccountRow, sessionId: string, refreshToken: string): Promise<SignedIn> {
  const { id, role, status } = account
  context.signIn({ kind: 'user', id, role, scopes: scopesOf(role, status), sessionId })
  return { ...(await context.services.accessTokens.sign(account, sessionId)), refreshToken, user: account }
}

/** Ends one session and whatever access tokens it has; null when it had ended before. */
export async function endSession(tools: Tools, tx: Tx, sessionId: string, reason: EndReason): Promise<SessionRow | null> {
  const session = await tx.endSession(sessionId, reason, tools.clock.now())
  if (!session) return null
  await revokeTokens(tools, tx, { sessionId })
  await announceEnd(tx, session, reason)
  return session
}

/** Ends all sessions of an account whose token version has just been raised. Answers how many there were. */
export async function endAllSessions(tools: Tools, tx: Tx, account: AccountRow, reason: EndReason): Promise<number> {
  await revokeTokens(tools, tx, { accountId: account.id, minVer: account.tokenVersion })
  const ended = await tx.endSessionsOf(account.id, reason, tools.clock.now())
  for (const session of ended) await announceEnd(tx, session, reason)
  return ended.length
}

/** Ends all sessions of an account but one. Answers how many there were. */
export async function endOtherSessions(tools: Tools, tx: Tx, accountId: string, keptId: string, reason: EndReason): Promise<number> {
  const ended = await tx.endSessionsOf(accountId, reason, tools.clock.now(), keptId)
  await revokeTokens(tools, tx, ...ended.map(({ id }) => ({ sessionId: id })))
  for (const session of ended) await announceEnd(tx, session, reason)
  return ended.length
}

/** Has the router refuse access tokens until the last of them has expired by itself. */
export async function revokeTokens(
  { clock, random, services }: Tools,
  tx: Tx,
  ...whose: ({ sessionId: string } | { accountId: string; minVer: number })[]
): Promise<void> {
  const createdAt = clock.now()
  const expiresAt = plusSeconds(createdAt, tokenMemorySeconds(services.settings))
  await tx.addRevocations(whose.map((these) => ({ id: random.id(), ...these, createdAt, expiresAt })))
}

/** When a session ends unless it is refreshed again: each use prolongs it, up to an age. */
export function sessionEnd({ sessionDays, sessionMaxDays }: Settings, createdAt: Date, now: Date): Date {
  return new Date(Math.min(plusSeconds(now, sessionDays * DAY).getTime(), plusSeconds(createdAt, sessionMaxDays * DAY).getTime()))
}

export function deviceOf({ ipAddress, userAgent }: Caller): { ipAddress: string | null; userAgent: string | null } {
  return { ipAddress, userAgent: userAgent?.slice(0, LONGEST_USER_AGENT) ?? null }
}

async function announceEnd(tx: Tx, session: SessionRow, reason: EndReason): Promise<void> {
  await tx.outbox.add(SessionRevoked, session, { sessionId: session.id, userId: session.accountId, reason })
}

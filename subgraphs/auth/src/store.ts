import { defineStore, plusSeconds, type Batching, type Data } from '@stellr/kit'
import type { SessionRevoked } from '@stellr/schema/events/auth'
import { Prisma, PrismaClient } from './generated/prisma/client.ts'
import type { Account, AccountStatus, Role, Session as StoredSession } from './generated/prisma/client.ts'
import type { Identifier } from './inputs.ts'

export type { AccountStatus, Role } from './generated/prisma/client.ts'
export type { Account as AccountRow, Session as StoredSession, SigningKey as SigningKeyRow } from './generated/prisma/client.ts'

/** A session as it is shown: without what its tokens are checked by. */
export type SessionRow = Omit<StoredSession, 'tokenHash' | 'previousHash' | 'nonce' | 'rotatedAt' | 'revokedFor'>

export type EndReason = Data<typeof SessionRevoked>['reason']

export interface AccountChanges {
  role?: Role
  status?: AccountStatus
  deletionScheduledAt?: Date | null
  firstLoginAt?: Date
  passwordHash?: string
}

/** `version` for a change that others hear of; `tokenVersion` for one that ends every access token made before. */
export type Raised = 'version' | 'tokenVersion'

export interface Rotation {
  /** Hash of the token that is given up, and of the one that takes its place. */
  from: Uint8Array<ArrayBuffer>
  to: Uint8Array<ArrayBuffer>
  nonce: Uint8Array<ArrayBuffer>
  ipAddress: string | null
  userAgent: string | null
  expiresAt: Date
}

export type Store = ReturnType<typeof build>

export const store = defineStore(PrismaClient, build)

// A transaction that commits late has an older time than one that committed before it was asked.
const LATE_COMMIT_SECONDS = 30
const FORGOTTEN_AT_ONCE = 10_000

function build(db: Prisma.TransactionClient, { batch }: Batching) {
  return {
    ...accounts(db, batch),
    ...sessions(db),
    ...revocations(db),
    ...signingKeys(db),

    /** Waits until this transaction is the only one that holds `name`. Take it before any row. */
    async lock(name: 'administrators' | 'signing-keys'): Promise<void> {
      await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`auth:${name}`}, 0))`
    },
    async addSecurityEvent(event: Prisma.SecurityEventCreateInput): Promise<void> {
      await db.securityEvent.create({ data: event })
    },
  }
}

function accounts(db: Prisma.TransactionClient, batch: Batching['batch']) {
  return {
    account: batch(
      (ids) => db.account.findMany({ where: { id: { in: [...ids] } } }),
      (account) => account.id,
    ),
    accountNamed: (identifier: Identifier) => db.account.findUnique({ where: identifier }),
    insertAccount: (account: Prisma.AccountCreateInput): Promise<Account> => db.account.create({ data: account }),
    /** The account as it is now, and stays until the transaction ends. */
    async lockAccount(id: string): Promise<Account | null> {
      await db.$executeRaw`SELECT FROM account WHERE id = ${id}::uuid FOR UPDATE`
      return db.account.findUnique({ where: { id } })
    },
    changeAccount: (id: string, changes: AccountChanges, raise: readonly Raised[], now: Date): Promise<Account> =>
      db.account.update({
        where: { id },
        data: { ...changes, ...Object.fromEntries(raise.map((field) => [field, { increment: 1 }])), updatedAt: now },
      }),
    /** Ids of those who can run the place. True for the rest of the transaction only under the lock `administrators`. */
    async activeAdmins(): Promise<string[]> {
      const rows = await db.account.findMany({ where: { role: 'ADMIN', status: 'ACTIVE' }, select: { id: true } })
      return rows.map(({ id }) => id)
    },
  }
}

function sessions(db: Prisma.TransactionClient) {
  const live = (now: Date) => ({ revokedAt: null, expiresAt: { gt: now } })
  const ended = (reason: EndReason, now: Date) => ({ revokedAt: now, revokedFor: reason, version: { increment: 1 }, updatedAt: now })
  return {
    session: (id: string): Promise<StoredSession | null> => db.session.findUnique({ where: { id } }),
    insertSession: (session: Prisma.SessionUncheckedCreateInput): Promise<StoredSession> => db.session.create({ data: session }),
    /** One statement, so that of many requests with the same token exactly one wins; null for the others. */
    async rotateSession(id: string, { from, to, ...rest }: Rotation, now: Date): Promise<StoredSession | null> {
      const rotated = await db.session.updateManyAndReturn({
        where: { id, tokenHash: from, ...live(now) },
        data: { ...rest, tokenHash: to, previousHash: from, rotatedAt: now, lastUsedAt: now, updatedAt: now },
      })
      return rotated[0] ?? null
    },
    /** Null when it had ended before. */
    async endSession(id: string, reason: EndReason, now: Date): Promise<StoredSession | null> {
      const rows = await db.session.updateManyAndReturn({ where: { id, ...live(now) }, data: ended(reason, now) })
      return rows[0] ?? null
    },
    endSessionsOf: (accountId: string, reason: EndReason, now: Date, exceptId?: string): Promise<StoredSession[]> =>
      db.session.updateManyAndReturn({
        where: { accountId, ...live(now), ...(exceptId !== undefined && { id: { not: exceptId } }) },
        data: ended(reason, now),
      }),
    /** Live sessions, newest first. */
    liveSessions(accountId: string, now: Date, limit: number, after: { createdAt: Date; id: string } | null): Promise<SessionRow[]> {
      const beyond = after ? Prisma.sql`AND (created_at, id) < (${after.createdAt}, ${after.id}::uuid)` : Prisma.empty
      return db.$queryRaw`
        SELECT id, account_id AS "accountId", user_agent AS "userAgent", ip_address AS "ipAddress", version,
          last_used_at AS "lastUsedAt", expires_at AS "expiresAt", revoked_at AS "revokedAt", created_at AS "createdAt", updated_at AS "updatedAt"
        FROM session
        WHERE account_id = ${accountId}::uuid AND revoked_at IS NULL AND expires_at > ${now} ${beyond}
        ORDER BY created_at DESC, id DESC
        LIMIT ${limit}`
    },
    /** The longest expired first. By the order and the array both steps go by an index, however many are due: a join may read all. */
    async forgetExpiredSessions(now: Date): Promise<number> {
      return db.$executeRaw`
        DELETE FROM session WHERE id = ANY (ARRAY (
          SELECT id FROM session WHERE expires_at < ${now} ORDER BY expires_at LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED))`
    },
  }
}

function revocations(db: Prisma.TransactionClient) {
  return {
    async addRevocations(revocations: Prisma.RevocationCreateManyInput[]): Promise<void> {
      await db.revocation.createMany({ data: revocations })
    },
    /** Those that still matter; with `since`, only what may have been committed after that moment. */
    revocationsSince: (since: Date | null, now: Date) =>
      db.revocation.findMany({
        where: { expiresAt: { gt: now }, ...(since && { createdAt: { gte: plusSeconds(since, -LATE_COMMIT_SECONDS) } }) },
        orderBy: { createdAt: 'asc' },
      }),
    async forgetExpiredRevocations(now: Date): Promise<number> {
      const { count } = await db.revocation.deleteMany({ where: { expiresAt: { lt: now } } })
      return count
    },
  }
}

function signingKeys(db: Prisma.TransactionClient) {
  return {
    signingKeys: (now: Date) =>
      db.signingKey.findMany({ where: { OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] }, orderBy: { createdAt: 'asc' } }),
    async insertSigningKey(key: Prisma.SigningKeyCreateInput): Promise<void> {
      await db.signingKey.create({ data: key })
    },
    /** Says when the keys of now stop verifying, where that has not been said before. */
    async retireSigningKeys(expiresAt: Date, now: Date): Promise<void> {
      await db.signingKey.updateMany({ where: { expiresAt: null }, data: { expiresAt, updatedAt: now } })
    },
    async forgetExpiredSigningKeys(now: Date): Promise<number> {
      const { count } = await db.signingKey.deleteMany({ where: { expiresAt: { lt: now } } })
      return count
    },
  }
}

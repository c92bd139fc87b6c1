import { anonymous, readiness, type Clock, type Logger, type Readiness, type Viewer } from '@stellr/kit'
import { refusal } from '../errors.ts'
import { revocationsAge } from '../metrics.ts'
import { createAccessTokens, type Proof } from './access-tokens.ts'
import type { AskAuth } from './ask-auth.ts'
import { repeat } from './repeat.ts'
import { createRevocations } from './revocations.ts'
import { createSigningKeys } from './signing-keys.ts'

export interface IdentityOptions {
  ask: AskAuth
  /** The issuer that tokens must name. */
  issuer: string
  clock: Clock
  log: Logger
}

export interface Identity {
  /**
   * Who an Authorization header speaks for; anonymous without one. Throws UNAUTHENTICATED (401) when what it holds proves
   * nothing or is revoked, and SERVICE_UNAVAILABLE (503) while auth has not yet said by which keys to judge.
   */
  viewerOf(authorization: string | undefined): Promise<Viewer>
  /** The same, for whoever stays longer than a request: what the header proves; null without one. */
  prove(authorization: string | undefined): Promise<Proof | null>
  /** Whether what was proved still holds: not expired since, nor revoked. */
  stillHolds(proof: Proof): boolean
  /** Not ready before auth has told its keys and what is revoked. */
  ready(): Promise<Readiness>
  /** Asks auth for both now. Never rejects: what fails is logged and tried again. */
  refresh(): Promise<void>
  stop(): void
}

const REVOCATIONS_EVERY_MS = 1000
const KEYS_EVERY_MS = 30_000
/** Revocations must work within five seconds: a list older than that is an alarm. */
const ALARM_AFTER_SECONDS = 5
const ALARM_EVERY_SECONDS = 60

/** Keeps what auth says of keys and revocations up to date, and judges tokens by it. While auth is away the last word holds. */
export function createIdentity({ ask, issuer, clock, log }: IdentityOptions): Identity {
  const keys = createSigningKeys(ask, clock, log)
  const revocations = createRevocations(ask, clock)
  const tokens = createAccessTokens(issuer, keys, clock)
  const alarm = createAlarm(clock, log)

  const refreshKeys = () => keys.refresh().catch((err: unknown) => log.warn({ err }, 'auth did not give its signing keys'))
  const refreshRevocations = async () => {
    await revocations.refresh().catch((err: unknown) => log.debug({ err }, 'auth did not give its revocations'))
    const age = revocations.age()
    if (age !== null) revocationsAge.set(age)
    alarm(age)
  }
  const stops = [
    repeat(refreshRevocations, () => REVOCATIONS_EVERY_MS),
    repeat(refreshKeys, () => (keys.known ? KEYS_EVERY_MS : REVOCATIONS_EVERY_MS)),
  ]

  const isRevoked = ({ viewer, ver }: Proof) => revocations.includes({ sid: viewer.sessionId, sub: viewer.id, ver })
  const identity: Identity = {
    async viewerOf(authorization) {
      return (await identity.prove(authorization))?.viewer ?? anonymous
    },
    async prove(authorization) {
      if (!authorization) return null
      if (!keys.known || revocations.age() === null) throw refusal('SERVICE_UNAVAILABLE', { retryAfterSeconds: 1 })
      const token = /^bearer +([\w.~+/=-]+) *$/i.exec(authorization)?.[1]
      const proof = token === undefined ? null : await tokens.verify(token)
      if (!proof || isRevoked(proof)) throw unauthenticated()
      return proof
    },
    stillHolds: (proof) => tokens.stillHolds(proof) && !isRevoked(proof),
    ready: () =>
      readiness({
        signingKeys: async () => must(keys.known),
        revocations: async () => must(revocations.age() !== null),
      }),
    async refresh() {
      await Promise.all([refreshKeys(), refreshRevocations()])
    },
    stop() {
      for (const stop of stops) stop()
    },
  }
  return identity
}

function must(answered: boolean): void {
  if (!answered) throw new Error('auth has not answered yet')
}

function unauthenticated() {
  return refusal('UNAUTHENTICATED', undefined, { 'www-authenticate': 'Bearer error="invalid_token"' })
}

/** Logs an error when the list grows old, once a minute while it stays so, and that it is over. */
function createAlarm(clock: Clock, log: Logger): (age: number | null) => void {
  const startedAt = clock.now()
  let raisedAt: Date | null = null
  return (age) => {
    const seconds = age ?? (clock.now().getTime() - startedAt.getTime()) / 1000
    if (seconds <= ALARM_AFTER_SECONDS) {
      if (raisedAt) log.info('revocations are up to date again')
      raisedAt = null
      return
    }
    if (raisedAt && (clock.now().getTime() - raisedAt.getTime()) / 1000 < ALARM_EVERY_SECONDS) return
    raisedAt = clock.now()
    log.error({ seconds }, 'revocations are out of date: a blocked or signed-out user may still get in')
  }
}

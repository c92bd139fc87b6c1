import { plusSeconds, type ServiceTools } from '@stellr/kit'
import type { CryptoKey } from 'jose'
import { tokenMemorySeconds, type Settings } from '../config.ts'
import type { SigningKeyRow, Store } from '../store.ts'
import { makeKey, openKey } from './key-material.ts'
import { deriveKey } from './secrets.ts'

const CACHED_SECONDS = 5

export interface SigningKeys {
  /** Makes the first key where there is none to sign with, and lets it sign at once. */
  ensure(): Promise<void>
  /** The key that signs now. */
  current(): Promise<{ kid: string; privateKey: CryptoKey }>
  /** Every key that a token in use may be signed with, now or soon (RFC 7517). */
  published(): Promise<{ keys: unknown[] }>
  /**
   * Makes a new key and answers its id. It is published at once and signs after `keyActivationSeconds`, when everyone who
   * verifies knows it. With `ifMadeBefore`, does nothing (null) unless the newest key is older than that. Throws when this
   * process has not the secret under which the others keep the keys.
   */
  rotate(ifMadeBefore?: Date): Promise<string | null>
}

interface OpenedKey {
  row: SigningKeyRow
  /** Null when it was encrypted under another AUTH_SECRET: it still verifies, but cannot sign. */
  privateKey: CryptoKey | null
}

/** The keys of access tokens, shared by all replicas through the database and read again every few seconds. */
export function createSigningKeys({ settings, store, clock, log }: ServiceTools<Settings, Store>): SigningKeys {
  const encryptionKey = deriveKey(settings.secret, 'signing-keys')
  const opened = new Map<string, OpenedKey>()
  let cache: { keys: Promise<OpenedKey[]>; until: number } | null = null

  function keys(): Promise<OpenedKey[]> {
    const now = clock.now()
    if (!cache || cache.until <= now.getTime()) {
      const reading = store()
        .signingKeys(now)
        .then((rows) => Promise.all(rows.map(open)))
      cache = { keys: reading, until: plusSeconds(now, CACHED_SECONDS).getTime() }
      reading.catch(() => (cache = null))
    }
    return cache.keys
  }

  async function open(row: SigningKeyRow): Promise<OpenedKey> {
    const known = opened.get(row.id)
    if (known) return { ...known, row }
    const privateKey = await openKey(row, encryptionKey).catch((err: unknown) => {
      log.error({ err, kid: row.id }, 'a signing key cannot be decrypted: was it made under another AUTH_SECRET?')
      return null
    })
    opened.set(row.id, { row, privateKey })
    return { row, privateKey }
  }

  async function add(activeFrom: (rows: readonly SigningKeyRow[], now: Date) => Promise<Date | null>): Promise<string | null> {
    const made = await makeKey(encryptionKey)
    const added = await store().transaction(async (tx) => {
      await tx.lock('signing-keys')
      const now = clock.now()
      const activeAt = await activeFrom(await tx.signingKeys(now), now)
      if (!activeAt) return null
      await tx.retireSigningKeys(plusSeconds(activeAt, tokenMemorySeconds(settings)), now)
      await tx.insertSigningKey({ ...made, activeAt, createdAt: now, updatedAt: now })
      return made.id
    })
    cache = null
    if (added) log.info({ kid: added }, 'a signing key was made')
    return added
  }

  return {
    async ensure() {
      if (signing(await keys(), clock.now())) return
      // Replicas that start together all find no key: the lock lets one make it, the others see it then.
      await add(async (rows, now) => (signing(await Promise.all(rows.map(open)), now) ? null : now))
    },
    async current() {
      const found = signing(await keys(), clock.now())
      if (!found) throw new Error('there is no key to sign access tokens with')
      return found
    },
    async published() {
      const now = clock.now()
      return { keys: (await keys()).filter(({ row }) => !row.expiresAt || row.expiresAt > now).map(({ row }) => row.publicJwk) }
    },
    rotate: (ifMadeBefore) =>
      add(async (rows, now) => {
        const newest = rows.at(-1)
        if (newest && !(await open(newest)).privateKey) throw new Error('AUTH_SECRET is not the one that the signing keys were made under')
        const due = !ifMadeBefore || !newest || newest.createdAt < ifMadeBefore
        return due ? plusSeconds(now, settings.keyActivationSeconds) : null
      }),
  }
}

/** The youngest key whose time to sign has come. */
function signing(keys: readonly OpenedKey[], now: Date): { kid: string; privateKey: CryptoKey } | null {
  let best: { kid: string; privateKey: CryptoKey; activeAt: Date } | null = null
  for (const { row, privateKey } of keys) {
    if (!privateKey || row.activeAt > now || (best && row.activeAt <= best.activeAt)) continue
    best = { kid: row.id, privateKey, activeAt: row.activeAt }
  }
  return best
}

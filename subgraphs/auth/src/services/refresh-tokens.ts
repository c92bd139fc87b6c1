import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Random } from '@stellr/kit'
import { deriveKey } from './secrets.ts'

const ID_BYTES = 16
const SECRET_BYTES = 32
const TAG_BYTES = 16

/** A token that we have made for this session at some time: whether it is still good is in the session's row. */
export interface GenuineToken {
  sessionId: string
  bytes: Uint8Array
  /** What is stored of it. */
  hash: Uint8Array<ArrayBuffer>
}

export interface MadeToken {
  token: string
  hash: Uint8Array<ArrayBuffer>
}

export interface RefreshTokens {
  /** The first token of a new session. */
  first(sessionId: string): MadeToken
  /** The token that comes after `presented`: the same each time it is asked for with the same nonce. */
  successor(presented: GenuineToken, nonce: Uint8Array): MadeToken
  /** Null for anything that we have not made: a forged token can neither refresh nor end a session. */
  read(token: string): GenuineToken | null
}

/**
 * Opaque tokens: session id, secret, and a tag that proves we made them, in base64url. A successor is computed from the token
 * before it and a nonce, so that two requests at once get the same one although only hashes and the nonce are stored.
 */
export function createRefreshTokens(secret: string, random: Random): RefreshTokens {
  const tagKey = deriveKey(secret, 'refresh-token-tag')
  const successorKey = deriveKey(secret, 'refresh-token-successor')
  const tagOf = (body: Uint8Array) => createHmac('sha256', tagKey).update(body).digest().subarray(0, TAG_BYTES)

  function make(sessionId: string, tokenSecret: Uint8Array): MadeToken {
    const body = Buffer.concat([Buffer.from(sessionId.replaceAll('-', ''), 'hex'), tokenSecret])
    const bytes = Buffer.concat([body, tagOf(body)])
    return { token: bytes.toString('base64url'), hash: digest(bytes) }
  }

  return {
    first: (sessionId) => make(sessionId, random.bytes(SECRET_BYTES)),
    successor: ({ sessionId, bytes }, nonce) => make(sessionId, createHmac('sha256', successorKey).update(bytes).update(nonce).digest()),
    read(token) {
      const bytes = Buffer.from(token, 'base64url')
      // Writing it again catches what a lenient decoder lets pass: padding, other alphabets, stray bits.
      if (bytes.length !== ID_BYTES + SECRET_BYTES + TAG_BYTES || bytes.toString('base64url') !== token) return null
      const body = bytes.subarray(0, ID_BYTES + SECRET_BYTES)
      if (!timingSafeEqual(tagOf(body), bytes.subarray(body.length))) return null
      return { sessionId: uuidOf(body.subarray(0, ID_BYTES)), bytes, hash: digest(bytes) }
    },
  }
}

function digest(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

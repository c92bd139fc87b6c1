import { systemRandom } from '@stellr/kit'
import { expect, test } from 'vitest'
import { createRefreshTokens } from './refresh-tokens.ts'

const tokens = createRefreshTokens('a secret of at least 32 characters', systemRandom)
const sessionId = systemRandom.id()

function genuine(token: string) {
  const read = tokens.read(token)
  if (!read) throw new Error('the token is not genuine')
  return read
}

test('a token names its session, and its hash is what was stored', () => {
  const { token, hash } = tokens.first(sessionId)
  expect(genuine(token)).toMatchObject({ sessionId, hash })
})

test('the successor is the same for the same nonce, and another for another', () => {
  const before = genuine(tokens.first(sessionId).token)
  const nonce = systemRandom.bytes(16)
  const once = tokens.successor(before, nonce)
  expect(tokens.successor(before, nonce)).toEqual(once)
  expect(tokens.successor(before, systemRandom.bytes(16)).token).not.toBe(once.token)
  expect(genuine(once.token)).toMatchObject({ sessionId, hash: once.hash })
})

test('no changed byte, other length or other spelling passes', () => {
  const { token } = tokens.first(sessionId)
  const bytes = Buffer.from(token, 'base64url')
  const flipped = Array.from(bytes, (byte, at) =>
    Buffer.from(bytes)
      .fill(byte ^ 1, at, at + 1)
      .toString('base64url'),
  )
  for (const changed of flipped) expect(tokens.read(changed)).toBeNull()
  // The last character holds four bits that no byte uses.
  const last = token.at(-1) ?? ''
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const twin = token.slice(0, -1) + alphabet.charAt(alphabet.indexOf(last) + 1)
  expect(Buffer.from(twin, 'base64url')).toEqual(bytes)
  for (const other of ['', 'x', `${token}=`, ` ${token}`, token.slice(1), `${token}AA`, twin, '\0', '💣']) {
    expect(tokens.read(other)).toBeNull()
  }
})

test('another secret makes other tokens', () => {
  const others = createRefreshTokens('another secret of at least 32 characters', systemRandom)
  expect(tokens.read(others.first(sessionId).token)).toBeNull()
})

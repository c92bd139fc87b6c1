import { plusSeconds } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { fakeAuth, type TokenOptions } from '../testing/fake-auth.ts'
import { silent } from '../testing/fake-subgraph.ts'
import { createAccessTokens } from './access-tokens.ts'
import { createSigningKeys } from './signing-keys.ts'

const ada = '01900000-0000-7000-8000-000000000001'
const session = '01900000-0000-7000-8000-000000000002'

async function setUp() {
  const clock = manualClock()
  const auth = await fakeAuth()
  const keys = createSigningKeys(async () => ({ signingKeys: await auth.keySet() }), clock, silent)
  await keys.refresh()
  const tokens = createAccessTokens('stellr', keys, clock)
  const token = (options: TokenOptions = {}) => auth.token({ now: clock.now(), viewer: { id: ada, sessionId: session }, ...options })
  return { clock, auth, keys, tokens, token }
}

test('a token proves who it is for, with which rights and in which session', async () => {
  const { tokens, token } = await setUp()
  const proof = await tokens.verify(await token({ viewer: { id: ada, sessionId: session, role: 'INSTRUCTOR' }, claims: { ver: 7 } }))
  expect(proof).toMatchObject({
    viewer: { kind: 'user', id: ada, role: 'INSTRUCTOR', scopes: ['learn', 'author'], sessionId: session },
    ver: 7,
  })
})

test.each<[string, TokenOptions]>([
  ['another issuer', { claims: { iss: 'elsewhere' } }],
  ['another audience', { claims: { aud: 'elsewhere' } }],
  ['no audience', { claims: { aud: undefined } }],
  ['another type of token', { header: { typ: 'JWT' } }],
  ['no type', { header: { typ: undefined } }],
  ['a passport', { header: { typ: 'passport+jwt' } }],
  ['no expiry', { claims: { exp: undefined } }],
  ['no session', { claims: { sid: undefined } }],
  ['a subject that is no id', { claims: { sub: 'admin' } }],
  ['an unknown role', { claims: { role: 'ROOT' } }],
  ['no token version', { claims: { ver: undefined } }],
])('A10: a token with %s proves nothing', async (_what, options) => {
  const { tokens, token } = await setUp()
  await expect(token(options).then((text) => tokens.verify(text))).resolves.toBeNull()
})

test('a token counts from its first second to its last, give or take two for the clocks', async () => {
  const { clock, tokens, token } = await setUp()
  const text = await token()
  const later = await token({ claims: { nbf: Math.floor(plusSeconds(clock.now(), 60).getTime() / 1000) } })
  expect(await tokens.verify(text)).not.toBeNull()
  expect(await tokens.verify(later)).toBeNull()
  clock.advance(301)
  expect(await tokens.verify(text)).not.toBeNull()
  expect(await tokens.verify(later)).not.toBeNull()
  clock.advance(2)
  expect(await tokens.verify(text)).toBeNull()
  expect(await tokens.verify(text)).toBeNull()
})

test('an expired token that was never seen before proves nothing', async () => {
  const { clock, tokens, token } = await setUp()
  const text = await token()
  clock.advance(400)
  expect(await tokens.verify(text)).toBeNull()
})

test('A10: a token without a signature proves nothing', async () => {
  const { tokens, token } = await setUp()
  const [, payload] = (await token()).split('.')
  const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())
  expect(await tokens.verify(new UnsecuredJWT(claims).encode())).toBeNull()
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
  expect(await tokens.verify(`${none}.${payload}.`)).toBeNull()
})

test('A10: a token signed by HMAC with the public key as its secret proves nothing', async () => {
  const { auth, tokens, token } = await setUp()
  const [jwk] = JSON.parse(await auth.keySet()).keys
  const publicKey = await importJWK(jwk, 'EdDSA', { extractable: true })
  if (publicKey instanceof Uint8Array) throw new Error('not a public key')
  for (const secret of [await exportSPKI(publicKey), JSON.stringify(jwk), jwk.x, Buffer.from(jwk.x, 'base64url')]) {
    const key = typeof secret === 'string' ? new TextEncoder().encode(secret) : new Uint8Array(secret)
    const [, payload] = (await token()).split('.')
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: jwk.kid }).sign(key)
    expect(await tokens.verify(forged)).toBeNull()
  }
})

test('A10: keys that the token itself brings or points to are not used', async () => {
  const { tokens, token } = await setUp()
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  const jwk = await exportJWK(publicKey)
  for (const header of [
    { jwk },
    { jku: 'https://evil.example/keys' },
    { x5u: 'https://evil.example/chain' },
    { x5c: ['MIIB'] },
    { jwk, kid: undefined },
  ]) {
    await expect(token({ header, key: privateKey }).then((text) => tokens.verify(text))).resolves.toBeNull()
  }
})

test.each(['../../../dev/null', '/etc/passwd', "' OR 1=1 --", '__proto__', 'constructor', ''])(
  'A10: the key id %j finds no key',
  async (kid) => {
    const { tokens, token } = await setUp()
    await expect(token({ header: { kid } }).then((text) => tokens.verify(text))).resolves.toBeNull()
  },
)

test.each(['', 'x', 'a.b', 'a.b.c', '..', 'eyJhbGciOiJFZERTQSJ9..', 'a'.repeat(100_000)])('A10: %# is no token', async (text) => {
  const { tokens } = await setUp()
  expect(await tokens.verify(text)).toBeNull()
})

test('A10: changing any part of a token breaks it', async () => {
  const { tokens, token } = await setUp()
  const text = await token()
  const parts = text.split('.')
  for (const [index, part] of parts.entries()) {
    const changed = parts.with(index, (part.startsWith('A') ? 'B' : 'A') + part.slice(1)).join('.')
    expect(await tokens.verify(changed)).toBeNull()
  }
})

test('A11: a token fails as soon as its key is retired, even when it was verified before', async () => {
  const { auth, keys, tokens, token } = await setUp()
  const text = await token()
  expect(await tokens.verify(text)).not.toBeNull()
  await auth.rotate()
  await keys.refresh()
  expect(await tokens.verify(text)).not.toBeNull()
  await auth.rotate({ retire: true })
  await keys.refresh()
  expect(await tokens.verify(text)).toBeNull()
  expect(await tokens.verify(await token())).not.toBeNull()
})

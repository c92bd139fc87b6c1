import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { auth, openAuth } from '@stellr/auth'
import { createLogger, readConfig } from '@stellr/kit'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type Person, type School } from '../testkit/school.ts'

let school: School
let ada: Person
beforeAll(async () => {
  school = await openSchool('distributed')
  ada = await school.register()
})
afterAll(() => school.close())

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part = ''): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString())
const mine = generateKeyPairSync('ed25519')

/** The person's token, with its header and claims changed, and a signature of the forger's own. */
function forge(change: { header?: object; claims?: object; by?: (text: string) => Buffer }): string {
  const [header, claims] = ada.accessToken.split('.')
  const text = `${encode({ ...decode(header), ...change.header })}.${encode({ ...decode(claims), ...change.claims })}`
  return `${text}.${(change.by ?? signed(mine.privateKey))(text).toString('base64url')}`
}

function signed(key: KeyObject) {
  return (text: string) => sign(null, Buffer.from(text), key)
}

const status = async (token: string) => (await school.client(token).query('{ me { id } }')).status

test('A10 forged tokens prove nothing, and make nobody fetch anything', async () => {
  let fetched = 0
  const trap = createServer((_request, response) => {
    fetched += 1
    response.end(JSON.stringify({ keys: [mine.publicKey.export({ format: 'jwk' })] }))
  })
  await once(trap.listen(0, '127.0.0.1'), 'listening')
  const trapUrl = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/jwks.json`
  const jwks = await (await fetch(`${school.url}/.well-known/jwks.json`)).json()
  const [published] = (jwks as { keys: { x: string }[] }).keys
  const ownJwk = mine.publicKey.export({ format: 'jwk' })
  const [header, claims, signature = ''] = ada.accessToken.split('.')
  const hmac = (secret: string | Buffer) => (text: string) => createHmac('sha256', secret).update(text).digest()

  const forged: Record<string, string> = {
    'no algorithm': forge({ header: { alg: 'none' }, by: () => Buffer.alloc(0) }),
    'no signature': `${header}.${claims}.`,
    'another signature': forge({}),
    'a changed role': `${header}.${encode({ ...decode(claims), role: 'ADMIN', scope: 'learn author admin' })}.${signature}`,
    'HMAC with the public key': forge({
      header: { alg: 'HS256' },
      by: hmac(Buffer.from(published?.x ?? '', 'base64url')),
    }),
    'HMAC with the published text': forge({ header: { alg: 'HS256' }, by: hmac(JSON.stringify(published)) }),
    'RSA confusion': forge({ header: { alg: 'RS256' } }),
    'a key in the header': forge({ header: { jwk: ownJwk } }),
    'the address of a key in the header': forge({ header: { jku: trapUrl } }),
    'the address of a certificate in the header': forge({ header: { x5u: trapUrl } }),
    'a key id that is a path': forge({ header: { kid: '../../../../dev/null' } }),
    'a key id that is SQL': forge({ header: { kid: "' OR '1'='1" } }),
    'a key id that nobody knows': forge({ header: { kid: 'unknown' } }),
    'a longer life': forge({ claims: { exp: 4_102_444_800 } }),
    'nothing at all': 'x',
  }
  const answers = await Promise.all(Object.entries(forged).map(async ([what, token]) => [what, await status(token)]))
  trap.close()
  expect(answers).toEqual(Object.keys(forged).map((what) => [what, 401]))
  expect(fetched).toBe(0)
  // The control: the token that all of them were made from is good.
  expect(await status(ada.accessToken)).toBe(200)
  console.log(`A10 refused ${answers.length} forgeries`)
})

test('A10 what the real key has signed proves nothing either, for another, as another, too early or too late', async () => {
  const settings = readConfig({ auth: auth.config }, school.env).auth
  const operator = await openAuth({
    settings,
    databaseUrl: school.env['AUTH_DATABASE_URL'] ?? '',
    log: createLogger({ name: 'test', level: 'silent' }),
  })
  const { privateKey } = await operator.backstage.services.keys.current()
  await operator.close()
  const { typ, kid } = decode(ada.accessToken.split('.')[0])
  const now = Math.floor(Date.now() / 1000)
  const resign = (claims: object, header: object = {}) =>
    new SignJWT({ ...decode(ada.accessToken.split('.')[1]), ...claims })
      .setProtectedHeader({ alg: 'EdDSA', typ: String(typ), kid: String(kid), ...header })
      .sign(privateKey)
  const changed = {
    'another audience': await resign({ aud: 'elsewhere' }),
    'another issuer': await resign({ iss: 'elsewhere' }),
    'another type': await resign({}, { typ: 'JWT' }),
    expired: await resign({ iat: now - 400, nbf: now - 400, exp: now - 100 }),
    'not yet valid': await resign({ nbf: now + 100 }),
    'no expiry': await resign({ exp: undefined }),
  }
  const answers = await Promise.all(Object.entries(changed).map(async ([what, token]) => [what, await status(token)]))
  expect(answers).toEqual(Object.keys(changed).map((what) => [what, 401]))
  // The control: signed again without a change, it is good.
  expect(await status(await resign({}))).toBe(200)
})

test('A10 a subgraph takes no access token, however good', async () => {
  for (const url of Object.values(school.subgraphUrls)) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ada.accessToken}` },
      body: '{"query":"{ __typename }"}',
    })
    expect(response.status).toBe(401)
  }
})

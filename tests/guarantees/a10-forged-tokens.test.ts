import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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
  const hmac = (secret: string) => (text: string) => createHmac('sha256', secret).update(text).digest()

  const forged: Record<string, string> = {
    'no algorithm': forge({ header: { alg: 'none' }, by: () => Buffer.alloc(0) }),
    'no signature': `${header}.${claims}.`,
    'another signature': forge({}),
    'a changed role': `${header}.${encode({ ...decode(claims), role: 'ADMIN', scope: 'learn author admin' })}.${signature}`,
    'HMAC with the public key': forge({
      header: { alg: 'HS256' },
      by: hmac(Buffer.from(published?.x ?? '', 'base64url').toString('latin1')),
    }),
    'HMAC with the published text': forge({ header: { alg: 'HS256' }, by: hmac(JSON.stringify(published)) }),
    'RSA confusion': forge({ header: { alg: 'RS256' } }),
    'a key in the header': forge({ header: { jwk: ownJwk } }),
    'the address of a key in the header': forge({ header: { jku: trapUrl } }),
    'the address of a certificate in the header': forge({ header: { x5u: trapUrl } }),
    'a key id that is a path': forge({ header: { kid: '../../../../dev/null' } }),
    'a key id that is SQL': forge({ header: { kid: "' OR '1'='1" } }),
    'a key id that nobody knows': forge({ header: { kid: 'unknown' } }),
    'another audience': forge({ claims: { aud: 'elsewhere' } }),
    'another issuer': forge({ claims: { iss: 'elsewhere' } }),
    'another type': forge({ header: { typ: 'JWT' } }),
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

import { expect, test } from 'vitest'
import { fakeAuth } from './testing/fake-auth.ts'
import { fakeSubgraph } from './testing/fake-subgraph.ts'
import { platform, topologies } from './testing/platform.ts'
for (const topology of topologies) test(`smoke ${topology}`, async () => {
  const auth = await fakeAuth({ User: { __resolveReference: (ref: any) => ({ ...ref, email: 'a@b.c' }) } as any })
  const users = fakeSubgraph('users', { Query: { me: (_s, _a, { viewer }: any) => ({ id: viewer.id, name: 'Ada' }) } })
  const { ask, router } = await platform(topology, [auth.subgraph, users])
  const reply = await ask('{ me { id name email } }', { token: await auth.token() })
  console.log(reply.status, reply.text, [...reply.headers])
  console.log((await ask('{ me { id name email } }')).text)
  console.log((await ask('query($a: Int) { users(first: $a) { edges { cursor } } }', { variables: { a: 'x' }, token: await auth.token({ viewer: { role: 'ADMIN' } }) })).text)
  console.log((await ask('{ users(first: "x") { edges { cursor } } user }', { token: await auth.token({ viewer: { role: 'ADMIN' } }) })).text)
  const t = await auth.token()
  let start = performance.now()
  for (let i = 0; i < 300; i++) await ask('{ me { id name email } }', { token: t })
  console.log('ms per request', (performance.now() - start) / 300)
  await auth.subgraph.stop()
  console.log((await ask('{ me { id name email } }', { token: t })).text)
  await users.stop()
  console.log((await ask('{ me { id name email } }', { token: t })).text)
})

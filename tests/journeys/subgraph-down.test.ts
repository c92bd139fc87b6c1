import { expect } from 'vitest'
import { journeyWithoutEvents } from '../testkit/journey.ts'

const ME = '{ me { id name email profile { bio } role } }'
const UPDATE = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }'

journeyWithoutEvents('with users stopped, everything of auth goes on', async (school) => {
  const ada = await school.register()
  await school.settle()
  await school.stopSubgraph('users')
  const { data, errors } = await ada.client.query('{ sessions { edges { node { current } } } me { id email } }')
  expect(data).toEqual({ sessions: { edges: [{ node: { current: true } }] }, me: null })
  expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'SERVICE_UNAVAILABLE', service: 'users' } }])
  expect((await ada.client.query(UPDATE, { input: { name: 'X' } })).codes).toEqual(['SERVICE_UNAVAILABLE'])
  const login = 'mutation ($input: LoginInput!) { login(input: $input) { user { id email name } } }'
  const signedIn = await school.client().query(login, { input: { identifier: ada.email, password: ada.password } })
  expect(signedIn.data.login.user).toEqual({ id: ada.id, email: ada.email, name: null })
  expect(signedIn.errors).toMatchObject([{ path: ['login', 'user'], extensions: { code: 'SERVICE_UNAVAILABLE' } }])
})

journeyWithoutEvents('with auth stopped, whoever is signed in goes on', async (school) => {
  const ada = await school.register()
  await school.settle()
  await school.stopSubgraph('auth')
  const { data, errors } = await ada.client.query(ME)
  expect(data.me).toEqual({ id: ada.id, name: 'Ada', email: null, profile: { bio: null }, role: null })
  expect(errors.length).toBeGreaterThan(0)
  for (const error of errors) expect(error).toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE', service: 'auth' } })
  expect((await ada.client.query(UPDATE, { input: { name: 'Grace' } })).data.updateProfile.user.id).toBe(ada.id)
  const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }'
  expect((await school.client().query(login, { input: { identifier: ada.email, password: ada.password } })).codes).toEqual([
    'SERVICE_UNAVAILABLE',
  ])
})

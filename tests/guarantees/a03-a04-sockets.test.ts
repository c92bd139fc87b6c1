import { derivePassportKey, issuePassport, passportBody } from '@stellr/kit'
import { openRawSocket, query, type RawSocket } from '@stellr/kit/testing'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { publishCourse } from '../testkit/courses.ts'
import { openSchool, topologies, type Person, type School } from '../testkit/school.ts'

const LISTEN = 'subscription { enrollmentUpdated { cursor enrollment { id } } }'
const PROMISED_MS = 5000

const asks = (person: Person, text: string, variables?: Record<string, unknown>) => person.client.query(text, variables)

/** What shuts somebody out, and who does it. */
const endings: Record<string, (person: Person, admin: Person) => Promise<unknown>> = {
  'A03 signing out': (person) => asks(person, 'mutation { logout { session { id } } }'),
  'A03 signing out everywhere': (person) => asks(person, 'mutation { logoutEverywhere { revokedSessions } }'),
  'A03 a new password': (person) =>
    asks(
      person,
      'mutation ($old: String!) { changePassword(input: { currentPassword: $old, newPassword: "another good one" }) { expiresIn } }',
      {
        old: person.password,
      },
    ),
  'A04 a block': ({ id }, admin) => asks(admin, 'mutation ($id: ID!) { blockUser(input: { userId: $id }) { user { id } } }', { id }),
  'A04 another role': ({ id }, admin) =>
    asks(admin, 'mutation ($id: ID!) { setRole(input: { userId: $id, role: INSTRUCTOR }) { user { id } } }', { id }),
}

describe.each(topologies)('%s', (topology) => {
  let school: School
  beforeAll(async () => {
    school = await openSchool(topology)
  })
  afterAll(() => school.close())

  const connect = async (accessToken: string): Promise<RawSocket> => {
    const socket = await openRawSocket(`${school.url}/graphql`)
    onTestFinished(() => socket.drop())
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${accessToken}` } })
    return socket
  }
  /** A socket that listens to what is its person's own. */
  const listen = async ({ accessToken }: Person): Promise<RawSocket> => {
    const socket = await connect(accessToken)
    expect(await socket.next()).toEqual({ type: 'connection_ack' })
    socket.send({ id: '1', type: 'subscribe', payload: { query: LISTEN } })
    return socket
  }
  /** Milliseconds until it is closed with 4403; infinite when it is not after a second more than promised. */
  const millisecondsUntilShut = async (socket: RawSocket): Promise<number> => {
    const since = Date.now()
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PROMISED_MS + 1000).unref())
    const closed = await Promise.race([socket.closed, late])
    if (closed) expect(closed.code).toBe(4403)
    return closed ? Date.now() - since : Number.POSITIVE_INFINITY
  }

  test('A03 A04 every socket of that person is closed within five seconds, and none is let in', async () => {
    const [bystander, admin] = [await school.register(), await school.admin()]
    const theirs = await listen(bystander)
    const shut = Object.entries(endings).map(async ([what, end]) => {
      const ada = await school.register()
      const sockets = [await listen(ada), await listen(ada)]
      expect(await end(ada, admin)).toMatchObject({ codes: [] })
      const ms = Math.max(...(await Promise.all(sockets.map(millisecondsUntilShut))))
      expect(ms).toBeLessThan(PROMISED_MS)
      expect((await (await connect(ada.accessToken)).closed).code).toBe(4403)
      return `${what} ${ms}`
    })
    console.log(`A03 A04 (${topology}): milliseconds until sockets were closed: ${(await Promise.all(shut)).join(', ')}`)
    // The control: whoever was not meant listens on.
    theirs.send({ type: 'ping' })
    expect(await theirs.next()).toEqual({ type: 'pong' })
  })

  test.runIf(topology === 'one-process')('A03 the control: what does not come into the list of revocations closes no socket', async () => {
    const [ada, other] = [await school.register(), await school.register()]
    const [kept, shut] = [await listen(ada), await listen(other)]
    const auth = (text: string) => query(school.env['AUTH_DATABASE_URL'] ?? '', text)
    const signOut = endings['A03 signing out']
    await auth('CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$')
    await auth('CREATE TRIGGER forget BEFORE INSERT ON revocation FOR EACH ROW EXECUTE FUNCTION forget()')
    await signOut?.(ada, ada)
    await auth('DROP TRIGGER forget ON revocation')
    await signOut?.(other, other)
    expect(await millisecondsUntilShut(shut)).toBeLessThan(PROMISED_MS)
    kept.send({ type: 'ping' })
    expect(await kept.next()).toEqual({ type: 'pong' })
  })

  test.runIf(topology === 'distributed')(
    'A04 a passport that was captured opens no stream at a subgraph, however soon it is used',
    async () => {
      const [ada, admin] = [await school.register(), await school.admin()]
      const { id: courseId } = await publishCourse((await school.register({ role: 'INSTRUCTOR' })).client, { lessons: 1 })
      await school.settle()
      const door = async () => {
        const socket = await openRawSocket(`${school.subgraphUrls.enrollments}/graphql`)
        onTestFinished(() => socket.drop())
        socket.send({ type: 'connection_init' })
        return { socket, challenge: (await socket.next()).payload.challenge }
      }
      const [routers, others] = [await door(), await door()]
      // What the router sends over its own socket, and whoever listens on the wire sends again over another one.
      const body = passportBody({ query: LISTEN, variables: {}, challenge: routers.challenge, since: undefined })
      const viewer = { kind: 'user', id: ada.id, role: 'STUDENT', scopes: ['learn'], sessionId: crypto.randomUUID() } as const
      const made = { audience: 'enrollments', viewer, caller: { ipAddress: null, userAgent: null }, body }
      const passport = issuePassport(derivePassportKey(school.env['PASSPORT_SECRET'] ?? '', 'enrollments'), made, new Date())
      const captured = { id: '1', type: 'subscribe', payload: { query: LISTEN, variables: {}, extensions: { passport } } }
      for (const { socket } of [routers, others]) socket.send(captured)
      expect(await others.socket.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'UNAUTHENTICATED' } }] })

      await endings['A04 a block']?.(ada, admin)
      await asks(admin, 'mutation ($input: EnrollUserInput!) { enrollUser(input: $input) { enrollment { id } } }', {
        input: { userId: ada.id, courseId },
      })
      // The control: over the socket that it was made for the same message is served; there the router ends what must end.
      expect(await routers.socket.next()).toMatchObject({ type: 'next', payload: { data: { enrollmentUpdated: {} } } })
      others.socket.send({ type: 'ping' })
      expect(await others.socket.next()).toEqual({ type: 'pong' })
    },
  )
})

import { openRawSocket } from '@stellr/kit/testing'
import { expect, onTestFinished, test } from 'vitest'
import { liveSchool } from '../../router/src/testing/live-school.ts'

test('S12 a page of another origin opens no socket, whatever it brings; nothing is run', async () => {
  const { url, auth, enrollments } = await liveSchool('in memory', { settings: { corsOrigins: 'https://app.example' } })
  const authorization = `Bearer ${await auth.token()}`
  const open = async (headers: Record<string, string>) => {
    const socket = await openRawSocket(url, { headers: { authorization, ...headers } })
    onTestFinished(() => socket.drop())
    socket.send({ type: 'connection_init' })
    await socket.next()
    socket.send({ id: '1', type: 'subscribe', payload: { query: 'subscription { ticks { number } }' } })
  }
  const asked = enrollments.seen.length
  const foreign = ['https://evil.example', 'https://app.example.evil.example', 'https://app.example:444', 'http://app.example', 'null', '']
  for (const origin of foreign) await expect(open({ origin }), origin).rejects.toThrow('handshake refused with 403')
  expect(enrollments.seen).toHaveLength(asked)
  // The control: the same handshake from a page that may, and from a program.
  await open({ origin: 'https://app.example' })
  await open({})
  await expect.poll(() => enrollments.seen.length).toBe(asked + 2)
})

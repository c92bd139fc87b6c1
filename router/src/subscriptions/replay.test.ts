import { openRawSocket, type Message } from '@stellr/kit/testing'
import { expect, onTestFinished, test } from 'vitest'
import { liveSchool } from '../testing/live-school.ts'
import { topologies } from '../testing/platform.ts'
import { ada } from '../testing/school.ts'

const TICKS = 'subscription ($after: String) { ticks(after: $after) { cursor number by { id name } } }'
const MISSED = 5_000

test.each(topologies)(
  '%s: whoever missed five thousand events gets them all, in order, over the socket that they have',
  async (topology) => {
    const { url, auth, ticker } = await liveSchool(topology)
    ticker.tell(...Array.from({ length: MISSED }, (_, number) => number))
    const socket = await openRawSocket(url)
    onTestFinished(() => socket.drop())
    const token = await auth.token({ viewer: { id: ada } })
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
    await socket.next()
    const startedAt = performance.now()
    socket.send({ id: 'all', type: 'subscribe', payload: { query: TICKS, variables: { after: '0' } } })
    // Who listens beside them to what happens now does not wait for it.
    socket.send({ id: 'live', type: 'subscribe', payload: { query: TICKS } })
    await expect.poll(() => ticker.listeners).toBe(2)
    ticker.tell(-1)
    const came: Message[] = []
    let live = MISSED
    while (came.length < MISSED + 1) {
      const message = await socket.next()
      expect(message.type).toBe('next')
      if (message.id === 'all') came.push(message)
      else live = came.length
    }
    const events = came.map(({ payload }) => payload.data.ticks)
    expect(events.map(({ number }) => number)).toEqual([...Array.from({ length: MISSED }, (_, number) => number), -1])
    expect(events.every(({ by }) => by.name === 'person 1')).toBe(true)
    // In memory the ticker answers without a pause, in which anybody else would have their turn; a feed reads page by page.
    if (topology === 'over HTTP') expect(live).toBeLessThan(MISSED / 2)
    expect(socket.socket.readyState).toBe(socket.socket.OPEN)
    console.log(
      `${topology}: ${MISSED} events in ${((performance.now() - startedAt) / 1000).toFixed(1)} s, a live one after ${live} of them`,
    )
  },
)

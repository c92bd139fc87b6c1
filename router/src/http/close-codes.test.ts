import { createClient } from 'graphql-ws'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

// What docs/realtime.md tells client developers about close codes is what the stock client does, measured.

/** Accepts every socket, and closes it with `code` once it has subscribed. */
async function closing(code: number): Promise<{ url: string; sockets(): number }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' })
  let sockets = 0
  server.on('connection', (socket) => {
    sockets += 1
    socket.on('message', (data) => {
      if (String(data).includes('connection_init')) socket.send('{"type":"connection_ack"}')
      else if (code === 1006) socket.terminate()
      else socket.close(code)
    })
  })
  onTestFinished(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen')
  return { url: `ws://127.0.0.1:${address.port}`, sockets: () => sockets }
}

/** Whether the stock client connects again, or tells its user. */
async function outcomeOf(code: number): Promise<'comes back' | 'gives up'> {
  const { url, sockets } = await closing(code)
  const client = createClient({ url, webSocketImpl: WebSocket, retryWait: async () => undefined })
  onTestFinished(() => client.dispose())
  const { promise: gaveUp, resolve } = Promise.withResolvers<'gives up'>()
  client.subscribe(
    { query: 'subscription { a }' },
    { next: () => {}, error: () => resolve('gives up'), complete: () => resolve('gives up') },
  )
  const cameBack = async () => {
    await expect.poll(sockets).toBeGreaterThan(2)
    return 'comes back' as const
  }
  return Promise.race([gaveUp, cameBack()])
}

test.each([1001, 1006, 1012, 1013, 4403, 4408])('after %i the stock client comes back', async (code) => {
  expect(await outcomeOf(code)).toBe('comes back')
})

test.each([1002, 1007, 1008, 1009, 1011, 4400, 4401, 4406, 4409, 4429, 4500])('after %i the stock client gives up', async (code) => {
  expect(await outcomeOf(code)).toBe('gives up')
})

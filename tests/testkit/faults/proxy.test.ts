import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openFaultProxy } from './proxy.ts'

/** A server that says everything again, behind a proxy. */
async function behindProxy() {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.pipe(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const proxy = await openFaultProxy({ host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 })
  const sockets: Socket[] = []
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await proxy.close()
    server.close()
  })
  return {
    proxy,
    async connect() {
      const socket = connect(proxy.port, '127.0.0.1')
      sockets.push(socket)
      let heard = ''
      const state: { error: string | null } = { error: null }
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()))
      socket.on('error', (error: NodeJS.ErrnoException) => (state.error = error.code ?? error.message))
      return {
        socket,
        state,
        get heard() {
          return heard
        },
        /** Milliseconds until it has heard so many bytes in all. */
        async ms(text: string, bytes = text.length) {
          const begun = performance.now()
          const before = heard.length
          socket.write(text)
          while (heard.length < before + bytes) await once(socket, 'data')
          return performance.now() - begun
        },
      }
    },
  }
}

test('what is sent arrives unchanged, however much it is, and a side that ends lets the other finish', async () => {
  const { connect: dial, proxy } = await behindProxy()
  const one = await dial()
  const text = 'x'.repeat(3_000_000)
  await one.ms(text)
  one.socket.end('the end')
  await once(one.socket, 'close')
  expect(one.heard).toBe(`${text}the end`)
  await expect.poll(() => proxy.connections).toEqual([])
})

test('latency and bandwidth are added while a connection is used, and taken away', async () => {
  const { connect: dial, proxy } = await behindProxy()
  const one = await dial()
  await one.ms('warm')
  proxy.set({ latencyMs: 60 })
  expect(await one.ms('slow')).toBeGreaterThan(115)
  proxy.set({ bytesPerSecond: 100_000 })
  expect(await one.ms('x'.repeat(10_000))).toBeGreaterThan(190)
  proxy.set({})
  expect(await one.ms('fast')).toBeLessThan(60)
})

test('in a black hole nothing passes until it is over, and then everything does, in order', async () => {
  const { connect: dial, proxy } = await behindProxy()
  const [one, other] = [await dial(), await dial()]
  await Promise.all([one.ms('1'), other.ms('1')])
  const [first] = proxy.connections
  if (first) first.fault = { blackhole: true }
  one.socket.write('23')
  await other.ms('23')
  proxy.set({ blackhole: true })
  const late = await dial()
  late.socket.write('late')
  other.socket.write('45')
  expect([one.heard, other.heard, late.heard]).toEqual(['1', '123', ''])
  if (first) first.fault = undefined
  proxy.set({})
  await expect.poll(() => [one.heard, other.heard, late.heard]).toEqual(['123', '12345', 'late'])
})

test('a reset ends what is connected and what connects, until it is over; one connection can be cut alone', async () => {
  const { connect: dial, proxy } = await behindProxy()
  const [one, other] = [await dial(), await dial()]
  await Promise.all([one.ms('1'), other.ms('1')])
  proxy.connections[0]?.cut()
  await expect.poll(() => one.state.error).toBe('ECONNRESET')
  await other.ms('still here')
  proxy.set({ reset: true })
  await expect.poll(() => other.state.error).toBe('ECONNRESET')
  const late = await dial()
  await expect.poll(() => late.state.error).toBe('ECONNRESET')
  proxy.set({})
  await (await dial()).ms('again')
})

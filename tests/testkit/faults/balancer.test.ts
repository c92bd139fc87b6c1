import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { openBalancer } from './balancer.ts'

async function replica(name: string) {
  const state = { ready: true }
  const server = createServer((request, response) => {
    response.setHeader('connection', 'close')
    if (request.url === '/readyz') response.statusCode = state.ready ? 200 : 503
    response.end(name)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    server.close()
    server.closeAllConnections()
  }
  onTestFinished(stop)
  const address = server.address()
  return { state, stop, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` }
}

test('connections go in turn to those who are ready, and past one that refuses them', async () => {
  const [one, other] = [await replica('one'), await replica('other')]
  const balancer = await openBalancer([one.url, other.url])
  onTestFinished(() => balancer.close())
  const ask = async () => (await fetch(balancer.url)).text()
  const answers = async () => new Set([await ask(), await ask(), await ask(), await ask()])
  expect(await answers()).toEqual(new Set(['one', 'other']))
  one.state.ready = false
  await expect.poll(answers).toEqual(new Set(['other']))
  one.state.ready = true
  await expect.poll(answers).toEqual(new Set(['one', 'other']))
  other.stop()
  expect(await answers()).toEqual(new Set(['one']))
})

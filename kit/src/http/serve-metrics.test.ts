import { expect, onTestFinished, test, vi } from 'vitest'
import { onScrape, readMetrics } from '../metrics.ts'
import { freePort } from '../ports.ts'
import { atMostOnceASecond, metricsConfig, serveMetrics } from './serve-metrics.ts'

async function served() {
  const server = await serveMetrics(metricsConfig.parse({ metricsPort: '0' }))
  onTestFinished(() => server.close())
  return server.url ?? ''
}

test('metrics are told on a port of their own, to this machine only, and nothing else is', async () => {
  const url = await served()
  expect(new URL(url).hostname).toBe('127.0.0.1')
  expect(await (await fetch(url)).text()).toContain('process_cpu_seconds_total')
  for (const path of ['/', '/graphql', '/livez']) expect((await fetch(new URL(path, url))).status).toBe(404)
})

test('without a port nobody is told anything', async () => {
  const server = await serveMetrics(metricsConfig.parse({}))
  expect(server.url).toBeNull()
  await server.close()
})

test('a port that is taken ends the start', async () => {
  const url = await served()
  await expect(serveMetrics(metricsConfig.parse({ metricsPort: new URL(url).port }))).rejects.toThrow('EADDRINUSE')
  const metricsPort = await freePort()
  await (await serveMetrics(metricsConfig.parse({ metricsPort }))).close()
  await (await serveMetrics(metricsConfig.parse({ metricsPort }))).close()
})

test('however many ask, one reading is under way, and it serves for a second', async () => {
  const { text, pending, advance } = readings()
  const first = [text(), text()]
  advance(5_000)
  first.push(text())
  expect(pending).toHaveLength(1)
  pending[0]?.resolve('a')
  expect(await Promise.all(first)).toEqual(['a', 'a', 'a'])

  const second = text()
  pending[1]?.resolve('b')
  expect(await second).toBe('b')
  advance(999)
  expect(await text()).toBe('b')
  advance(1)
  void text()
  expect(pending).toHaveLength(3)
})

test('a reading that fails costs its second too, and no more', async () => {
  const { text, pending, advance } = readings()
  const failing = text()
  pending[0]?.reject(new Error('broken'))
  await expect(failing).rejects.toThrow('broken')
  await expect(text()).rejects.toThrow('broken')
  advance(1_000)
  const next = text()
  pending[1]?.resolve('whole')
  expect(await next).toBe('whole')
})

// Readings that end when they are told to, in a time that passes when it is told to.
function readings() {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const pending: PromiseWithResolvers<string>[] = []
  const text = atMostOnceASecond(() => {
    const reading = Promise.withResolvers<string>()
    pending.push(reading)
    return reading.promise
  })
  return { text, pending, advance: (ms: number) => void vi.advanceTimersByTime(ms) }
}

test('a gauge that cannot be read holds up the others for two seconds, and is not asked for again meanwhile', async () => {
  const begun = vi.fn()
  const unwatch = onScrape(() => {
    begun()
    return new Promise(() => {})
  })
  onTestFinished(unwatch)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  for (let reading = 0; reading < 2; reading++) {
    const text = readMetrics()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await text).toContain('process_resident_memory_bytes')
  }
  expect(begun).toHaveBeenCalledTimes(1)
})

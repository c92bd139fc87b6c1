import { expect, onTestFinished, test } from 'vitest'
import { supervise } from './supervise.ts'

// The smallest thing that can be supervised: it listens, says that it is ready, and fails when it is told to.
const script = 'scripts/platform/fixture/listener.ts'

function listener(env: Record<string, string> = {}) {
  const lines: string[] = []
  const supervised = supervise({
    name: 'listener',
    script,
    env,
    port: 0,
    print: (line) => void lines.push(line),
  })
  onTestFinished(() => supervised.stop())
  return { supervised, lines, answers: async () => (await fetch(`${supervised.url}/readyz`).catch(() => null))?.status ?? null }
}

test('a process that crashes is started again where it was', async () => {
  const { supervised, lines, answers } = listener()
  await supervised.start()
  const before = supervised.pid()
  const address = supervised.url
  if (before === undefined) throw new Error('it does not run')
  process.kill(before, 'SIGKILL')
  await expect.poll(() => supervised.pid() ?? before, { timeout: 10_000 }).not.toBe(before)
  await expect.poll(answers, { timeout: 10_000 }).toBe(200)
  expect(lines).toContainEqual(expect.stringContaining('[listener] ended with SIGKILL'))
  expect(supervised.url).toBe(address)
})

test('a process that was stopped stays stopped until it is started', async () => {
  const { supervised, lines, answers } = listener()
  await supervised.start()
  await supervised.stop()
  expect(supervised.pid()).toBeUndefined()
  expect(await answers()).toBeNull()
  expect(lines).toContain('[listener] closing')
  await supervised.start()
  expect(await answers()).toBe(200)
})

test('a process that ends before it was ever ready is not tried again and again', async () => {
  const { supervised, lines } = listener({ FAIL: 'yes' })
  await expect(supervised.start()).rejects.toThrow('listener ended before it was ready')
  expect(lines).toContainEqual(expect.stringContaining('no settings'))
})

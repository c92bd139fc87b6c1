import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ConfigError, environment, readConfig } from './config.ts'
import { armFaults, faultConfig, faultNames, faultPoint } from './faults.ts'

const url = (file: string) => JSON.stringify(new URL(file, import.meta.url).href)

/** A process that passes a point ten times and says so each time, with FAULT in its environment. */
async function passTenTimes(fault: string, point: string) {
  const code = `
    import { writeSync } from 'node:fs'
    const { environment, readConfig } = await import(${url('config.ts')})
    const { armFaults, faultConfig, faultPoint } = await import(${url('faults.ts')})
    armFaults(readConfig({ '': faultConfig }, environment())[''].fault)
    for (let pass = 1; pass <= 10; pass++) {
      faultPoint('${point}')
      writeSync(1, pass + ' ')
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...environment(), FAULT: fault },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await once(child, 'close')
  return { said: said.trim(), signal: child.signalCode, code: child.exitCode }
}

test('an armed process dies by SIGKILL at the nth pass of the point, and not at another one', async () => {
  const outcomes = await Promise.all([
    passTenTimes('relay.mid_batch:3', 'relay.mid_batch'),
    passTenTimes('relay.mid_batch:3', 'outbox.after_commit'),
    passTenTimes('outbox.after_commit:99,relay.mid_batch:1', 'relay.mid_batch'),
    passTenTimes('', 'relay.mid_batch'),
  ])
  const unharmed = { said: '1 2 3 4 5 6 7 8 9 10', signal: null, code: 0 }
  expect(outcomes).toEqual([
    { said: '1 2', signal: 'SIGKILL', code: null },
    unharmed,
    { said: '', signal: 'SIGKILL', code: null },
    unharmed,
  ])
})

test('a FAULT that is misspelt is refused at the start, and the message lists the points', () => {
  const config = { '': z.object({ ...faultConfig.shape }) }
  const read = (fault: string) => () => readConfig(config, { FAULT: fault })
  for (const wrong of ['outbox.after_comit:1', 'relay.mid_batch', 'relay.mid_batch:0', 'relay.mid_batch:1:2', 'relay.mid_batch:x,', ' :1'])
    expect(read(wrong), wrong).toThrow(ConfigError)
  for (const name of faultNames) expect(read('no.point:1')).toThrow(name)
  expect(read('relay.mid_batch:2,outbox.after_commit:1')()).toEqual({ '': { fault: 'relay.mid_batch:2,outbox.after_commit:1' } })
})

test('a point that nobody has armed does nothing', () => {
  armFaults(undefined)
  for (const name of faultNames) faultPoint(name)
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { UNTIL_PARENT_ENDS } from '../kafka/broker.ts'

export interface StripeMock {
  url: string
  ended: Promise<void>
  stop(): Promise<void>
}

/** Starts stripe-mock on this machine alone. Over HTTPS it would answer the world, so it is given a place there, too. */
export async function startStripeMock(program: string, port = 0): Promise<StripeMock> {
  const places = ['-http-addr', `127.0.0.1:${port}`, '-https-addr', '127.0.0.1:0']
  const child = spawn('sh', ['-c', UNTIL_PARENT_ENDS, program, ...places], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const ended = once(child, 'exit').then(() => void child.stdin.destroy())
  const stop = async () => {
    child.kill('SIGKILL')
    await ended
  }
  try {
    const url = await Promise.race([addressFrom(createInterface(child.stdout)), ended])
    if (url === undefined) throw new Error('stripe-mock ended before it said where it is')
    return { url, ended, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function addressFrom(lines: AsyncIterable<string>): Promise<string | undefined> {
  for await (const line of lines) {
    const address = /HTTP at address: (\S+)/.exec(line)?.[1]
    if (address !== undefined) return `http://${address}`
  }
  return undefined
}

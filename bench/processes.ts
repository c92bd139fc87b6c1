import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fromRoot } from '@stellr/kit'
import { heapFlags } from '../scripts/platform/heap-flags.ts'

export interface Contender {
  name: string
  url: string
  /** The processes that serve it. */
  pids: number[]
  headers: Record<string, string>
}

const children: { kill(): boolean }[] = []

/** Starts a script of bench/ and waits until its endpoint answers. Returns its process id. */
export async function launch(script: string, args: string[], url: string, env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [...heapFlags, fromRoot(`bench/${script}`), ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  children.push(child)
  const started = Date.now()
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() - started > 30_000) throw new Error(`bench/${script} does not answer`)
    await wait(50)
  }
  return child.pid ?? 0
}

export function killAll(): void {
  for (const child of children) child.kill()
}

const TICKS_PER_SECOND = 100

/** Seconds of CPU that the processes have used so far, user and system together. Linux only; NaN elsewhere. */
export function cpuSeconds(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const fields = readStat(pid).split(') ')[1]?.split(' ') ?? []
    return Number(fields[11]) + Number(fields[12])
  })
  return ticks.reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND
}

/** Resident memory of the processes in MiB. Linux only; NaN elsewhere. */
export function residentMiB(pids: readonly number[]): number {
  const pages = pids.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readProc(pid, 'status'))?.[1]))
  return pages.reduce((sum, value) => sum + value, 0) / 1024
}

function readStat(pid: number): string {
  return readProc(pid, 'stat')
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  }).catch(() => null)
  await response?.body?.cancel()
  return response?.status === 200 || response?.status === 401
}

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Stops the server processes that still run on a data folder although whoever started them is gone, and says how many there
 * were. Call it only while holding the folder's lock.
 */
export async function stopLeftovers(cluster: string): Promise<number> {
  const found = serversOn(cluster)
  const first = Date.now()
  let signal: NodeJS.Signals = 'SIGINT'
  for (let left = found; left.length > 0; left = serversOn(cluster)) {
    // Backends that outlived a killed postmaster have nobody to tell them.
    const postmaster = recordedPid(cluster)
    for (const pid of left.includes(postmaster) ? [postmaster] : left) send(pid, signal)
    if (Date.now() - first > 10_000) signal = 'SIGQUIT'
    if (Date.now() - first > 20_000) throw new Error(`PostgreSQL (process ${left.join(', ')}) does not stop; it runs on ${cluster}.`)
    await wait(20)
  }
  // With no server left the file is stale. It must go: its number may belong to somebody else by now, which would stop a start.
  if (canSeeProcesses()) rmSync(join(cluster, 'postmaster.pid'), { force: true })
  return found.length
}

function serversOn(cluster: string): number[] {
  return canSeeProcesses() ? workingIn(cluster) : commandNaming(cluster)
}

function canSeeProcesses(): boolean {
  return process.platform === 'linux'
}

function workingIn(cluster: string): number[] {
  const home = attempt(() => realpathSync(cluster))
  if (home === null) return []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const servers = pids.filter(
    (pid) =>
      attempt(() => readlinkSync(`/proc/${pid}/cwd`)) === home &&
      attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) === 'postgres',
  )
  return servers.map(Number)
}

function commandNaming(cluster: string): number[] {
  const pid = recordedPid(cluster)
  const command = pid > 0 ? attempt(() => execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })) : null
  return command?.includes(cluster) ? [pid] : []
}

function recordedPid(cluster: string): number {
  return Number(attempt(() => readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]) ?? 0)
}

function send(pid: number, signal: NodeJS.Signals): void {
  attempt(() => process.kill(pid, signal))
}

function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

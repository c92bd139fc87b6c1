import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { freePort } from '@stellr/kit'
import { isHeapFlag } from './heap-flags.ts'

export class PortTakenError extends Error {
  override name = 'PortTakenError'
}

/** Throws PortTakenError, which says by whom where the system tells, when `port`, which `setting` chose, cannot be listened on. */
export async function requireFreePort(port: number, setting = 'PORT'): Promise<void> {
  if (port === 0 || (await freePort(port)) === port) return
  const holder = portHolder(port)
  const by = holder ? `process ${holder.pid} (${holder.command})` : 'another program'
  throw new PortTakenError(`Port ${port} is taken by ${by}. Stop that one, or choose another port: ${setting}=${port + 1} npm start`)
}

/** The process that listens on a port; null when that cannot be seen (another user's process, or a system without /proc). */
export function portHolder(port: number): { pid: number; command: string } | null {
  const sockets = new Set(listeningSockets(port).map((inode) => `socket:[${inode}]`))
  if (sockets.size === 0) return null
  const pid = processes().find((candidate) => descriptors(candidate).some((target) => sockets.has(target)))
  if (pid === undefined) return null
  return { pid: Number(pid), command: describe(pid) }
}

// As somebody would recognise it: `node start.ts in /home/ada/stellr`.
function describe(pid: string): string {
  const folder = link(`/proc/${pid}/cwd`)
  const [program = '', ...args] = read(`/proc/${pid}/cmdline`).split('\0').filter(Boolean)
  const shown = args
    .filter((arg, index) => arg !== '--import' && args[index - 1] !== '--import' && !isHeapFlag(arg))
    .map((arg) => arg.replace(`${folder}/`, ''))
  const command = [basename(program), ...shown].join(' ')
  return `${command.length > 80 ? `${command.slice(0, 80)}…` : command}${folder ? ` in ${folder}` : ''}`
}

const LISTEN = '0A'

// Each line of the table: number, local address:port in hexadecimal, remote, state, ..., inode in the tenth column.
function listeningSockets(port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = `${read('/proc/net/tcp')}\n${read('/proc/net/tcp6')}`.split('\n').map((line) => line.trim().split(/\s+/))
  return rows.flatMap(([, local = '', , state, , , , , , inode]) => (local.endsWith(suffix) && state === LISTEN && inode ? [inode] : []))
}

function processes(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
}

function descriptors(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => link(`/proc/${pid}/fd/${fd}`))
  } catch {
    return []
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '../log.ts'
import { freePort } from '../ports.ts'
import { stopLeftovers } from './leftover-postgres.ts'
import { postgresProgram, type PostgresProgram } from './postgres-binaries.ts'
import { LockHeldError, takeProcessLock } from './process-lock.ts'

export interface EmbeddedPostgresOptions {
  /** Holds the data, the password and the server's log; made when missing. One process at a time may have it. */
  dataDir: string
  /** Left out, the port of last time if it is free, else any free one. */
  port?: number
  /** Whether what is committed survives a crash of the machine. False only for tests. */
  durable: boolean
  log?: Logger
}

export interface EmbeddedPostgres {
  port: number
  pid: number
  url(database: string): string
  /** Resolves when the server has ended, for whatever reason. */
  ended: Promise<void>
  /** Ends connections, writes everything down and stops. */
  stop(): Promise<void>
}

/** Another live process has the data. The message says which, and what to do. */
export class DataInUseError extends Error {
  override name = 'DataInUseError'
}

/**
 * Starts the PostgreSQL that came with the packages, on 127.0.0.1 with a password of its own. A server that a killed
 * process left behind on the same data is stopped first. Throws when another live process has `dataDir`.
 */
export async function startEmbeddedPostgres({ dataDir, port, durable, log }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  // Searchable by the user whom root hands the server to; what is in it is closed.
  mkdirSync(dataDir, { recursive: true })
  if (process.getuid?.() === 0) chmodSync(dataDir, 0o711)
  const lock = hold(dataDir)
  try {
    const cluster = join(dataDir, 'cluster')
    const stopped = await stopLeftovers(cluster)
    if (stopped > 0) log?.warn({ dataDir }, 'stopped a PostgreSQL server that an earlier process left behind')
    const program = postgresProgram(dataDir, statSync(cluster, { throwIfNoEntry: false })?.uid)
    const password = passwordIn(dataDir)
    if (!existsSync(cluster)) createCluster(program, dataDir, password, durable)
    const { child, port: chosen, pid } = await launch(program, dataDir, port, durable)
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    // However this process ends, short of being killed, the server ends with it.
    const leave = () => void child.kill('SIGINT')
    process.once('exit', leave)
    void ended.then(() => process.off('exit', leave))
    return {
      port: chosen,
      pid,
      url: (database) => `postgresql://postgres:${password}@127.0.0.1:${chosen}/${encodeURIComponent(database)}`,
      ended,
      async stop() {
        child.kill('SIGINT')
        const impatient = setTimeout(() => child.kill('SIGQUIT'), 20_000)
        await ended
        clearTimeout(impatient)
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

function hold(dataDir: string) {
  try {
    return takeProcessLock(join(dataDir, 'holder'))
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error
    const { pid, since } = error.holder
    const message = `The database in ${dataDir} is in use by process ${pid} since ${since}. Stop that one, or set STELLR_DATA_DIR to another folder.`
    throw new DataInUseError(message, { cause: error })
  }
}

function passwordIn(dataDir: string): string {
  const file = join(dataDir, 'password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

// A password of 192 random bits needs no stretching, and one iteration keeps connecting cheap.
const initdbArguments = ['-U', 'postgres', '-A', 'scram-sha-256', '-c', 'scram_iterations=1', '-E', 'UTF8', '--locale=C']
const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']

function createCluster(program: PostgresProgram, dataDir: string, password: string, durable: boolean): void {
  const draft = join(dataDir, 'cluster.new')
  const passwordFile = join(dataDir, 'initdb-password')
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  const { uid, gid } = program.user
  if (uid !== undefined && gid !== undefined) for (const path of [draft, passwordFile]) chownSync(path, uid, gid)
  const args = ['-D', fromInside(draft), '--pwfile=../initdb-password', ...initdbArguments, ...locale, ...(durable ? [] : ['--no-sync'])]
  const made = spawnSync(join(program.bin, 'initdb'), args, { ...program.user, cwd: draft, env: cleanEnvironment, encoding: 'utf8' })
  rmSync(passwordFile, { force: true })
  if (made.status !== 0) throw new Error(`initdb failed in ${dataDir}: ${made.error?.message ?? made.stderr}`)
  renameSync(draft, join(dataDir, 'cluster'))
}

async function launch(program: PostgresProgram, dataDir: string, wanted: number | undefined, durable: boolean) {
  const cluster = join(dataDir, 'cluster')
  const logFile = join(dataDir, 'postgres.log')
  const portFile = join(dataDir, 'port')
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort(attempt === 1 ? rememberedPort(portFile) : 0))
    const output = openSync(logFile, 'w', 0o600)
    // Detached: Ctrl-C in a terminal must not stop the database before those who use it.
    const child = spawn(join(program.bin, 'postgres'), ['-D', fromInside(cluster), ...settings(port, durable)], {
      ...program.user,
      cwd: cluster,
      env: cleanEnvironment,
      stdio: ['ignore', output, output],
      detached: true,
    })
    closeSync(output)
    const outcome = await readyOrGone(child, cluster)
    if (outcome.ready) {
      writeFileSync(portFile, String(port), { mode: 0o600 })
      return { child, port, pid: outcome.pid }
    }
    const said = `${outcome.reason}\n${readFileSync(logFile, 'utf8').slice(-4000)}`
    const portTaken = said.includes('could not create any TCP/IP sockets')
    if (!portTaken || wanted !== undefined || attempt === 5) throw new Error(`PostgreSQL did not start in ${dataDir}: ${said}`)
  }
}

async function readyOrGone(child: ChildProcess, cluster: string): Promise<{ ready: true; pid: number } | { ready: false; reason: string }> {
  let gone: string | undefined
  child.once('error', (error) => (gone = error.message))
  child.once('exit', (code, signal) => (gone = `it ended with ${code ?? signal}`))
  // After a crash of the machine it first recovers, which takes as long as it takes.
  while (gone === undefined) {
    const lines = existsSync(join(cluster, 'postmaster.pid')) ? readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n') : []
    if (child.pid !== undefined && lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return { ready: true, pid: child.pid }
    await wait(10)
  }
  return { ready: false, reason: gone }
}

function settings(port: number, durable: boolean): string[] {
  const onOff = durable ? 'on' : 'off'
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 500,
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    io_method: 'sync',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    fsync: onOff,
    synchronous_commit: onOff,
    full_page_writes: onOff,
    ...(durable ? {} : { wal_level: 'minimal', max_wal_senders: 0, autovacuum_naptime: '10min' }),
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

// The server need not be able to walk down to its folder, only to be in it: root can put it there before it becomes somebody
// else. So it also works below a folder that only root can enter.
function fromInside(folder: string): string {
  return process.platform === 'linux' ? '/proc/self/cwd' : folder
}

const cleanEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

function rememberedPort(file: string): number {
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) || 0 : 0
}

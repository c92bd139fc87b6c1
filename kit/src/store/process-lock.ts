import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

export interface Holder {
  pid: number
  /** When the process started, as the kernel counts it: tells a live holder from a stranger with its number. Null off Linux. */
  startedAt: string | null
  /** When it took the lock, RFC 3339. */
  since: string
}

/** Another live process has the lock. */
export class LockHeldError extends Error {
  readonly holder: Holder

  constructor(file: string, holder: Holder) {
    super(`process ${holder.pid} has held ${file} since ${holder.since}`)
    this.name = 'LockHeldError'
    this.holder = holder
  }
}

/**
 * Takes `file` as a lock for as long as this process lives, or until `release`. A lock whose holder died, however it died,
 * is taken over. Throws LockHeldError.
 */
export function takeProcessLock(file: string): { release(): void } {
  const me: Holder = { pid: process.pid, startedAt: startOf(process.pid), since: new Date().toISOString() }
  const text = JSON.stringify(me)
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`
  writeFileSync(draft, text, { mode: 0o600 })
  try {
    // Linking fails where the file exists, and the file is never there without its content.
    while (!isLinked(draft, file)) removeStale(file)
  } finally {
    rmSync(draft, { force: true })
  }
  return {
    release() {
      if (read(file) === text) rmSync(file, { force: true })
    },
  }
}

/** Who has the lock; null when nobody alive does. */
export function lockHolder(file: string): Holder | null {
  const holder = parse(read(file))
  return holder && isAlive(holder) ? holder : null
}

function removeStale(file: string): void {
  const before = read(file)
  const holder = parse(before)
  if (holder && isAlive(holder)) throw new LockHeldError(file, holder)
  // Two may come here at once: whoever moved away a lock that was taken meanwhile puts it back.
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    // Somebody else moved it away.
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if (read(aside) !== before) isLinked(aside, file)
  rmSync(aside, { force: true })
}

function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false
  }
  return holder.startedAt === startOf(holder.pid)
}

// The 22nd field of /proc/<pid>/stat; the second, a name in parentheses, may hold blanks and parentheses itself.
function startOf(pid: number): string | null {
  const stat = read(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function parse(text: string | null): Holder | null {
  try {
    return text === null ? null : (JSON.parse(text) as Holder)
  } catch {
    return null
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

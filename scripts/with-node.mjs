// Runs a script of this repository with everything it needs: installs packages when the lockfile changed, makes generated files
// when what they are made from changed, and uses the Node that the packages bring. Runs on Node 20 with nothing installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PNPM = 'pnpm@12.21.0'
// V8 sizes a heap by the machine: beside a database that wants it too, it takes twice the memory to serve no more requests. The
// old generation may grow by half of what survived a collection, the young one is bounded; neither bounds what can be kept.
const HEAP = ['--max-semi-space-size=32', '--heap-growing-percent=50']
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [script, ...args] = process.argv.slice(2)
const environment = childEnvironment()

if (!script) fail('Usage: node scripts/with-node.mjs <script> [arguments]')
phase('install', installIfNeeded)
const node = findNode()
phase('generate', generateIfNeeded)
run()

function installIfNeeded() {
  const stamp = join(root, 'node_modules/.stellr/installed')
  const wanted = installationKey()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false
  console.log('Installing packages (the first time takes a minute or two)')
  const { status, error } = spawnSync('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], {
    cwd: root,
    env: environment,
    stdio: 'inherit',
  })
  if (error || status !== 0)
    fail(`The installation failed${error ? ` (${error.message})` : ''}. It needs npm, and the network until it has succeeded once.`)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
  return true
}

// Whatever decides what is installed: the lockfile, and the packages of the workspace.
function installationKey() {
  const folders = [
    '.',
    'kit',
    'schema',
    'router',
    ...readdirSync(join(root, 'subgraphs'))
      .toSorted()
      .map((name) => `subgraphs/${name}`),
  ]
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...folders.map((folder) => `${folder}/package.json`)]
  const hash = createHash('sha256').update(`${PNPM} ${process.platform} ${process.arch}`)
  for (const file of files) if (existsSync(join(root, file))) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function findNode() {
  const pinned = join(root, 'node_modules/.bin/node')
  // A start should not ask twice what an installation decides: the pinned one either runs on this machine or it does not.
  const verdict = join(root, 'node_modules/.stellr/pinned-node')
  if (existsSync(pinned)) {
    if (!existsSync(verdict)) {
      mkdirSync(dirname(verdict), { recursive: true })
      writeFileSync(verdict, spawnSync(pinned, ['--print', 'process.features.typescript'], { encoding: 'utf8' }).stdout?.trim() ?? '')
    }
    if (readFileSync(verdict, 'utf8') === 'strip') return pinned
  }
  if (Number(process.versions.node.split('.')[0]) >= 24 && process.features.typescript) return process.execPath
  return fail(
    `The packages bring no Node 24 for ${process.platform}-${process.arch}, and this is Node ${process.versions.node}. ` +
      'Install Node 24 or newer from https://nodejs.org and try again.',
  )
}

function generateIfNeeded() {
  const made = spawnSync(node, [join(root, 'scripts/generate.ts'), '--needed'], { cwd: root, env: environment, encoding: 'utf8' })
  process.stdout.write(made.stdout ?? '')
  if (made.error || made.status !== 0) fail(`Generating failed: ${made.error?.message ?? made.stderr}`)
  return made.stdout !== ''
}

function run() {
  // The channel tells the script when this process is gone, even when it was killed.
  const child = spawn(node, [...HEAP, '--import', join(root, 'scripts/stop-with-parent.mjs'), join(root, script), ...args], {
    cwd: root,
    env: environment,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  // Ctrl-C in a terminal reaches the script by itself.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  whenLauncherIsGone(() => child.kill('SIGTERM'))
  child.once('error', (error) => fail(`${node} does not start: ${error.message}`))
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

// npm runs us through a shell, and neither passes on a signal that only npm gets.
function whenLauncherIsGone(act) {
  if (!process.env.npm_lifecycle_event) return
  const launchers = () => [process.ppid, parentOf(process.ppid)].join()
  const first = launchers()
  const watch = setInterval(() => {
    if (launchers() === first) return
    clearInterval(watch)
    act()
  }, 500)
  watch.unref()
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
  } catch {
    return null
  }
}

// npm tells its children about itself, which would steer the pnpm and the Node that we start. Where packages come from stays.
function childEnvironment() {
  const kept = /^npm_config_(registry|userconfig|cafile|proxy|https_proxy|noproxy)$/i
  const strays = /^(npm_(config|lifecycle|package)_|npm_(command|execpath|node_execpath)$|INIT_CWD$)/i
  const entries = Object.entries(process.env).filter(([name]) => kept.test(name) || !strays.test(name))
  const given = Object.fromEntries(entries)
  return {
    NODE_ENV: 'production',
    APOLLO_TELEMETRY_DISABLED: 'true',
    // Halves the time that loading all the code takes.
    NODE_COMPILE_CACHE: join(root, 'node_modules/.stellr/compiled'),
    ...given,
    PATH: `${join(root, 'node_modules/.bin')}${delimiter}${given.PATH ?? ''}`,
    ...(process.stdin.isTTY && process.stdout.isTTY ? {} : { CI: given.CI ?? 'true' }),
  }
}

function phase(name, work) {
  const startedAt = performance.now()
  if (work()) console.log(`  ${name.padEnd(10)} ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

/** @returns {never} */
function fail(message) {
  console.error(message)
  process.exit(1)
}

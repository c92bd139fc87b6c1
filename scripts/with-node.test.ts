import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { fromRoot } from '../kit/src/paths.ts'

let root = ''
const path = (name: string) => join(root, name)
const read = (name: string) => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : '')

// A repository in small, with an npx that only writes down what it was asked for.
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'with node '))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const folder of ['scripts', 'subgraphs/one', 'bin']) mkdirSync(path(folder), { recursive: true })
  for (const name of ['with-node.mjs', 'stop-with-parent.mjs']) copyFileSync(fromRoot(`scripts/${name}`), path(`scripts/${name}`))
  writeFileSync(path('pnpm-lock.yaml'), 'lockfileVersion: 1\n')
  writeFileSync(path('package.json'), '{ "type": "module" }')
  writeFileSync(path('scripts/generate.ts'), '')
  writeFileSync(path('bin/npx'), `#!/bin/sh\necho "$* registry=$npm_config_registry prefix=$npm_config_prefix" >> "${path('npx.log')}"\n`)
  chmodSync(path('bin/npx'), 0o755)
})

function run(script: string, env: Record<string, string> = {}, ...args: string[]) {
  writeFileSync(path('scripts/it.ts'), script)
  return spawn(process.execPath, [path('scripts/with-node.mjs'), 'scripts/it.ts', ...args], {
    env: { PATH: `${path('bin')}:/usr/bin:/bin`, npm_config_registry: 'http://registry.test', npm_config_prefix: '/elsewhere', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function finished(child: ReturnType<typeof run>): Promise<{ code: number | null; said: string }> {
  let said = ''
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

test('packages are installed once, and again when the lockfile or a package changes', async () => {
  const installs = () => read('npx.log').split('\n').filter(Boolean)
  await finished(run(''))
  await finished(run(''))
  expect(installs()).toEqual(['--yes pnpm@12.21.0 install --frozen-lockfile registry=http://registry.test prefix='])
  appendFileSync(path('pnpm-lock.yaml'), 'changed: true\n')
  await finished(run(''))
  expect(installs()).toHaveLength(2)
  writeFileSync(path('subgraphs/one/package.json'), '{}')
  await finished(run(''))
  expect(installs()).toHaveLength(3)
})

test('an installation that fails stops everything and is tried again', async () => {
  writeFileSync(path('bin/npx'), '#!/bin/sh\nexit 1\n')
  for (const _ of [1, 2]) {
    const { code, said } = await finished(run('console.log("ran")'))
    expect(code).toBe(1)
    expect(said).toContain('The installation failed')
    expect(said).not.toContain('ran')
  }
})

test('files that cannot be generated stop the start with the reason', async () => {
  writeFileSync(path('scripts/generate.ts'), 'console.error("schema/auth.graphql: no"); process.exit(1)')
  const { code, said } = await finished(run('console.log("ran")'))
  expect(code).toBe(1)
  expect(said).toContain('schema/auth.graphql: no')
  expect(said).not.toContain('ran')
})

test('the script gets its arguments and a clean environment, and its exit code is ours', async () => {
  const script = `console.log(JSON.stringify([process.argv.slice(2), process.env.npm_config_prefix ?? null, process.env.CI])); process.exitCode = 7`
  const { code, said } = await finished(run(script, {}, 'one', 'two words'))
  expect(code).toBe(7)
  expect(said).toContain(JSON.stringify([['one', 'two words'], null, 'true']))
})

test('SIGTERM reaches the script, which may take its time', async () => {
  const child = run(`
    process.on('SIGTERM', () => setTimeout(() => { console.log('stopped cleanly'); process.exit(0) }, 100))
    console.log('ready')
    setInterval(() => {}, 1000)`)
  child.stdout.on('data', (chunk: Buffer) => chunk.includes('ready') && child.kill('SIGTERM'))
  const { code, said } = await finished(child)
  expect(said).toContain('stopped cleanly')
  expect(code).toBe(0)
})

test('a kill -9 does not leave the script running', async () => {
  const child = run(`
    const { writeFileSync } = await import('node:fs')
    process.on('SIGTERM', () => { writeFileSync(${JSON.stringify(path('stopped'))}, 'yes'); process.exit(0) })
    console.log('ready')
    setInterval(() => {}, 1000)`)
  child.stdout.on('data', (chunk: Buffer) => chunk.includes('ready') && child.kill('SIGKILL'))
  await once(child, 'exit')
  await expect.poll(() => read('stopped')).toBe('yes')
})

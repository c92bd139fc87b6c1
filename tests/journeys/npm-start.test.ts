import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, fromRoot } from '@stellr/kit'
import { expect, onTestFinished, test } from 'vitest'
import { createClient } from '../testkit/client.ts'

interface Start {
  child: ChildProcess
  output(): string
  ended: Promise<number | null>
}

/** start.ts as `npm start` runs it, with a folder and a port of its own. */
function start(dataDir: string, port: number, demo = false): Start {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    NODE_COMPILE_CACHE: fromRoot('node_modules/.stellr/compiled'),
    STELLR_DATA_DIR: dataDir,
    STELLR_DEMO: demo ? '1' : '0',
    PORT: `${port}`,
  }
  const child = spawn(process.execPath, [fromRoot('start.ts')], { cwd: dataDir, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, output: () => output, ended: new Promise((resolve) => child.once('exit', resolve)) }
}

async function up(dataDir: string, port: number, demo = false): Promise<Start> {
  const started = start(dataDir, port, demo)
  await expect.poll(() => started.output(), { timeout: 120_000 }).toContain('A first query to paste')
  return started
}

test(
  'it says what it does, survives kill -9 with its data, names who holds its port, and stops at Ctrl-C',
  { timeout: 150_000 },
  async () => {
    const dataDir = join(mkdtempSync(join(tmpdir(), 'stellr start ')), 'school')
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
    mkdirSync(dataDir)
    const port = await freePort()
    const nobody = createClient(`http://127.0.0.1:${port}`)
    const ada = { email: 'ada@example.org', password: 'correct horse battery' }

    const first = await up(dataDir, port)
    // Between the phases stands what is logged, such as that no money moves.
    for (const phase of ['postgres', 'migrate', 'subgraphs', 'router'])
      expect(first.output()).toMatch(new RegExp(`${phase} +\\d+\\.\\d s\n`))
    expect(first.output()).toContain('payments go to the sandbox: no money moves')
    expect(first.output()).toContain(`http://127.0.0.1:${port}/graphql`)
    const input = { ...ada, name: 'Ada' }
    const registered = await nobody.query('mutation ($input: RegisterInput!) { register(input: $input) { user { name } } }', { input })
    expect(registered.data.register.user.name).toBe('Ada')

    const second = start(mkdtempSync(join(tmpdir(), 'stellr start ')), port)
    expect(await second.ended).toBe(1)
    expect(second.output()).toMatch(new RegExp(`Port ${port} is taken by .*PORT=${port + 1} npm start`, 's'))

    first.child.kill('SIGKILL')
    await first.ended
    const again = await up(dataDir, port)
    const login = 'mutation ($input: LoginInput!) { login(input: $input) { user { name } } }'
    const signedIn = await nobody.query(login, { input: { identifier: ada.email, password: ada.password } })
    expect(signedIn.data.login.user.name).toBe('Ada')

    again.child.kill('SIGINT')
    expect(await again.ended).toBe(0)
    await expect(nobody.query('{ __typename }')).rejects.toThrow('fetch failed')
  },
)

test(
  'a new school is the demo school, also when its building was cut short, and stays as people leave it',
  { timeout: 300_000 },
  async () => {
    const dataDir = join(mkdtempSync(join(tmpdir(), 'stellr demo ')), 'school')
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
    mkdirSync(dataDir)
    const port = await freePort()
    const nobody = createClient(`http://127.0.0.1:${port}`)

    const cutShort = start(dataDir, port, true)
    await expect.poll(() => existsSync(join(dataDir, 'demo-unfinished')), { timeout: 30_000 }).toBe(true)
    cutShort.child.kill('SIGKILL')
    await cutShort.ended

    const first = await up(dataDir, port, true)
    expect(first.output()).toMatch(/demo +\d+\.\d s/)
    expect(first.output()).toContain('learner@stellr.test')
    const { data } = await nobody.query('{ courses(search: "desing", first: 50) { edges { node { title } } facets { total } } }')
    expect(data.courses.edges.length).toBeGreaterThanOrEqual(3)
    for (const account of ['admin', 'instructor', 'learner']) {
      const input = { identifier: `${account}@stellr.test`, password: 'stellr-demo' }
      const { codes } = await nobody.query('mutation ($input: LoginInput!) { login(input: $input) { user { role } } }', { input })
      expect({ account, codes }).toEqual({ account, codes: [] })
    }
    const ada = { email: 'ada@example.org', password: 'correct horse battery', name: 'Ada' }
    await nobody.query('mutation ($input: RegisterInput!) { register(input: $input) { user { id } } }', { input: ada })
    first.child.kill('SIGKILL')
    await first.ended

    const second = await up(dataDir, port, true)
    expect(second.output()).not.toMatch(/demo +\d+\.\d s/)
    const login = { identifier: ada.email, password: ada.password }
    const signedIn = await nobody.query('mutation ($input: LoginInput!) { login(input: $input) { user { name } } }', { input: login })
    expect(signedIn.data.login.user.name).toBe('Ada')
    second.child.kill('SIGINT')
    expect(await second.ended).toBe(0)
  },
)

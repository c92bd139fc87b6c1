import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { top } from './files.ts'
import { findBreaches } from './walls.ts'

const packageOf = (name: string, exports: Record<string, string>) => JSON.stringify({ name, type: 'module', exports })

/** A small house with every room in it and nothing wrong. */
const house: Record<string, string> = {
  'kit/package.json': packageOf('@stellr/kit', { '.': './src/index.ts' }),
  'kit/src/index.ts': `export * from './config.ts'`,
  'kit/src/config.ts': `export const port = process.env.PORT`,
  'schema/package.json': packageOf('@stellr/schema', { '.': './index.ts', './events/*': './events/*.ts' }),
  'schema/index.ts': `export const domains = ['auth', 'users']`,
  'schema/events/auth.ts': `import { port } from '@stellr/kit'\nexport const Registered = port`,
  'subgraphs/auth/package.json': packageOf('@stellr/auth', { '.': './src/index.ts' }),
  'subgraphs/auth/src/index.ts': `import { store } from './store.ts'\nimport { Registered } from '@stellr/schema/events/auth'\nexport { store, Registered }`,
  'subgraphs/auth/src/store.ts': `import { PrismaClient } from './generated/prisma/client.ts'\nexport const store = PrismaClient`,
  'subgraphs/auth/src/generated/prisma/client.ts': `export class PrismaClient {}`,
  'subgraphs/users/package.json': packageOf('@stellr/users', { '.': './src/index.ts' }),
  'subgraphs/users/src/index.ts': `import { port } from '@stellr/kit'\nexport { port }`,
  'router/package.json': packageOf('@stellr/router', { '.': './src/index.ts' }),
  'router/src/index.ts': `import { domains } from '@stellr/schema'\nimport { port } from '@stellr/kit'\nexport { domains, port }`,
  'start.ts': `import '@stellr/auth'\nimport './router/src/index.ts'\nawait import('./demo/' + 'index.ts')`,
  'vitest.config.ts': `export const level = process.env.LOG_LEVEL`,
  'demo/index.ts': `import '@stellr/users'\nimport '@stellr/schema'`,
  'scripts/generate.ts': `import '../codegen.config.ts'\nexport const ci = process.env.CI`,
  'codegen.config.ts': `export const config = {}`,
  'tests/journey.test.ts': `import '../demo/index.ts'\nimport '../start.ts'\nimport '../subgraphs/auth/src/store.ts'`,
  'bench/bench.ts': `import '../tests/journey.test.ts'`,
}

const made: string[] = []
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true })))

function build(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'stellr-walls-'))
  made.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  mkdirSync(join(root, 'node_modules/@stellr'), { recursive: true })
  for (const room of ['kit', 'schema', 'router', 'subgraphs/auth', 'subgraphs/users']) {
    symlinkSync(join(root, room), join(root, 'node_modules/@stellr', room.replace('subgraphs/', '')))
  }
  return root
}

const planted: readonly [wall: string, path: string, text: string, says: string][] = [
  [
    'kit knows no domain, by a relative path',
    'kit/src/a.ts',
    `import '../../subgraphs/auth/src/index.ts'`,
    'imports subgraphs/auth/src/index.ts',
  ],
  ['kit knows no domain, by a package', 'kit/src/a.ts', `import '@stellr/users'`, 'imports subgraphs/users/src/index.ts'],
  ['kit knows no domain, by a dynamic import', 'kit/src/a.ts', `await import('@stellr/auth')`, 'imports subgraphs/auth/src/index.ts'],
  ['kit knows no domain, by a type', 'kit/src/a.ts', `import type { store } from '@stellr/auth'`, 'imports subgraphs/auth/src/index.ts'],
  ['kit knows no domain, by a re-export', 'kit/src/a.ts', `export * from '@stellr/auth'`, 'imports subgraphs/auth/src/index.ts'],
  ['kit knows no contract of a domain', 'kit/src/a.ts', `import '@stellr/schema/events/auth'`, 'imports schema/events/auth.ts'],
  ['kit knows no router', 'kit/src/a.ts', `import '../../router/src/index.ts'`, 'imports router/src/index.ts'],
  ['schema knows no domain', 'schema/a.ts', `import { port } from '@stellr/users'`, 'imports subgraphs/users/src/index.ts'],
  ['a subgraph knows no other, by a package', 'subgraphs/users/src/a.ts', `import '@stellr/auth'`, 'imports subgraphs/auth/src/index.ts'],
  [
    'a subgraph knows no other, by a path',
    'subgraphs/users/src/a.ts',
    `import '../../auth/src/store.ts'`,
    'imports subgraphs/auth/src/store.ts',
  ],
  [
    'a subgraph knows no other, by a template',
    'subgraphs/users/src/a.ts',
    'await import(`@stellr/auth`)',
    'imports subgraphs/auth/src/index.ts',
  ],
  [
    'a subgraph knows no other, by an import type',
    'subgraphs/users/src/a.ts',
    `type T = import('@stellr/auth').T`,
    'imports subgraphs/auth/src',
  ],
  [
    'a subgraph knows no other, by require',
    'subgraphs/users/src/a.cjs',
    `require('../../auth/src/index.ts')`,
    'imports subgraphs/auth/src/index.ts',
  ],
  ['a subgraph knows no router', 'subgraphs/users/src/a.ts', `import '@stellr/router'`, 'imports router/src/index.ts'],
  ['a subgraph knows no test', 'subgraphs/users/src/a.ts', `import '../../../tests/journey.test.ts'`, 'imports tests/journey.test.ts'],
  ['a subgraph knows nothing at the top', 'subgraphs/users/src/a.ts', `import '../../../start.ts'`, 'imports start.ts'],
  ['the router knows no domain', 'router/src/a.ts', `import '@stellr/auth'`, 'imports subgraphs/auth/src/index.ts'],
  [
    'the router knows no domain, dynamically',
    'router/src/a.ts',
    `await import('../../subgraphs/auth/src/index.ts')`,
    'imports subgraphs/auth',
  ],
  ['the demo knows no test', 'demo/a.ts', `import '../tests/journey.test.ts'`, 'imports tests/journey.test.ts'],
  ['a script knows no test', 'scripts/a.ts', `import '../tests/journey.test.ts'`, 'imports tests/journey.test.ts'],
  ['a start knows no bench', 'a.ts', `import './bench/bench.ts'`, 'imports bench/bench.ts'],
  [
    'only the store knows its client',
    'subgraphs/auth/src/a.ts',
    `import './generated/prisma/client.ts'`,
    'imports the Prisma client of auth',
  ],
  [
    'not even a type of it',
    'subgraphs/auth/src/a.ts',
    `import type { P } from './generated/prisma/client.ts'`,
    'the Prisma client of auth',
  ],
  [
    "not another's store",
    'subgraphs/users/src/store.ts',
    `import '../../auth/src/generated/prisma/client.ts'`,
    'the Prisma client of auth',
  ],
  [
    'not a test of the whole',
    'tests/a.ts',
    `await import('../subgraphs/auth/src/generated/prisma/client.ts')`,
    'the Prisma client of auth',
  ],
  ['not before it is generated', 'subgraphs/users/src/a.ts', `import './generated/prisma/client.ts'`, 'the Prisma client of users'],
  ['only the store knows Prisma', 'subgraphs/auth/src/a.ts', `import '@prisma/client/runtime/client'`, 'only the store knows Prisma'],
  ['the environment is read in one place', 'kit/src/a.ts', `export const a = process.env.PORT`, 'reads the environment'],
  ['the environment, by its global name', 'router/src/a.ts', `export const a = globalThis.process['env']`, 'reads the environment'],
  ['the environment, by destructuring', 'subgraphs/auth/src/a.ts', `export const { env } = process`, 'reads the environment'],
  ['the environment, by a module', 'start.ts', `import { env } from 'node:process'\nexport { env }`, 'reads the environment'],
  [
    'the environment, by a name that looks like configuration',
    'kit/src/a.config.ts',
    `export const a = process.env`,
    'reads the environment',
  ],
  ['a path that nobody can follow', 'router/src/a.ts', `export const load = (name: string) => import(name)`, 'imports a computed path'],
  ['a package that is not there', 'router/src/a.ts', `import '@stellr/nowhere'`, 'leads nowhere'],
  ['a new room must be given walls', 'gateway/a.ts', `import '@stellr/kit'`, 'stands in no room'],
  ['a file that cannot be read', 'kit/src/a.ts', `import { from './config.ts'`, 'cannot be read'],
]

test.each(planted)('caught: %s', (_wall, path, text, says) => {
  const { breaches } = findBreaches(build({ ...house, [path]: text }))
  expect(breaches).toHaveLength(1)
  expect(breaches[0]).toMatch(new RegExp(`^${path}[: ]`))
  expect(breaches[0]).toContain(says)
})

test('a house with nothing wrong passes', () => {
  const { modules, breaches } = findBreaches(build(house))
  expect(breaches).toEqual([])
  expect(modules).toBe(Object.keys(house).filter((path) => path.endsWith('.ts') && !path.includes('generated/')).length)
})

test('reading nothing is no pass', () => {
  expect(findBreaches(build({ 'README.md': '' })).breaches).toEqual([expect.stringContaining('nothing was checked')])
})

test('this house stands', () => {
  const { modules, breaches } = findBreaches(top)
  expect(breaches).toEqual([])
  expect(modules).toBeGreaterThan(50)
})

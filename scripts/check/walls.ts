import { readFileSync, realpathSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { ResolverFactory } from 'oxc-resolver'
import { filesUnder } from './files.ts'
import { type Import, readModule } from './imports.ts'

/** Which rooms of the house a room may import from, besides itself. `everything` is for what only the whole can show. */
const mayImport: Record<string, readonly string[] | 'everything'> = {
  kit: [],
  schema: ['kit'],
  subgraphs: ['kit', 'schema'],
  router: ['kit', 'schema'],
  demo: ['kit', 'schema', 'subgraphs', 'router', 'top'],
  scripts: ['kit', 'schema', 'subgraphs', 'router', 'demo', 'top'],
  top: ['kit', 'schema', 'subgraphs', 'router', 'demo', 'scripts'],
  tests: 'everything',
  bench: 'everything',
}

/** Rooms that nobody ships may choose what to import while running. */
const choosesAtRunTime = ['top', 'scripts', 'tests', 'bench']
const readsEnvironment = /^(kit\/src\/config\.ts$|scripts\/|tests\/|bench\/|[^/]+\.config\.ts$)/
const generatedClient = /^subgraphs\/([^/]+)\/src\/generated\/prisma\//
const modules = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']

/**
 * Reads every module under `folder` and says where a wall of the house is crossed, one line each. Imports are followed to
 * the file they really lead to, however they are written. Having read no module is a breach too: then nothing was checked.
 */
export function findBreaches(folder: string): { modules: number; breaches: string[] } {
  // Imports are followed through symbolic links, so the house must be named by its real path too.
  const root = realpathSync(folder)
  const files = filesUnder(root, modules)
  const resolver = new ResolverFactory({ conditionNames: ['node', 'import', 'types'], extensions: ['.ts', '.js', '.json'] })
  const breaches = files.flatMap((file) => {
    const { imports, environment, unreadable } = readModule(file, readFileSync(join(root, file), 'utf8'))
    return [
      ...unreadable.map((message) => `${file} cannot be read: ${message}`),
      ...imports.flatMap((found) => judge(file, found, leadsTo(resolver, root, file, found.specifier))),
      ...(readsEnvironment.test(file)
        ? []
        : environment.map((line) => `${file}:${line} reads the environment: only kit/src/config.ts may`)),
    ]
  })
  if (files.length === 0) breaches.push(`no module was found under ${root}, so nothing was checked`)
  return { modules: files.length, breaches }
}

interface Room {
  kind: string
  /** The room, or the one subgraph. */
  name: string
}

function judge(file: string, { specifier, line }: Import, target: string | null): string[] {
  const from = roomOf(file)
  const at = `${file}:${line}`
  const allowed = mayImport[from.kind]
  if (!allowed) return [`${at} stands in no room that scripts/check/walls.ts knows`]
  if (specifier === null)
    return choosesAtRunTime.includes(from.kind) ? [] : [`${at} imports a computed path: nobody can say where it leads`]
  const store = from.kind === 'subgraphs' && (file === `${from.name}/src/store.ts` || file.startsWith(`${from.name}/src/store/`))
  if (target === null) {
    if (/^(@stellr\/|#)/.test(specifier)) return [`${at} imports ${specifier}, which leads nowhere`]
    if (from.kind === 'subgraphs' && !store && specifier.startsWith('@prisma/'))
      return [`${at} imports ${specifier}: only the store knows Prisma`]
    return []
  }
  const client = generatedClient.exec(target)
  if (client && !(store && from.name === `subgraphs/${client[1]}`)) {
    return [`${at} imports the Prisma client of ${client[1]}: only subgraphs/${client[1]}/src/store may`]
  }
  const to = roomOf(target)
  if (allowed === 'everything' || to.name === from.name || allowed.includes(to.kind)) return []
  return [
    `${at} imports ${target}: ${from.name} may import ${allowed.length === 0 ? 'only itself' : `only ${allowed.join(', ')} and itself`}`,
  ]
}

/** The file of ours that an import leads to, relative to `root`; null for a package of somebody else. */
function leadsTo(resolver: ResolverFactory, root: string, file: string, specifier: string | null): string | null {
  if (specifier === null || isBuiltin(specifier)) return null
  const from = dirname(join(root, file))
  // What does not exist yet (a client that is not generated) still says where it would be.
  const absolute = resolver.sync(from, specifier).path ?? (/^[./]/.test(specifier) ? resolve(from, specifier) : null)
  const path = absolute === null ? null : relative(root, absolute).split(sep).join('/')
  if (path === null || path.includes('node_modules/')) return null
  return path
}

function roomOf(path: string): Room {
  const [first = '', second] = path.split('/')
  if (second === undefined) return { kind: 'top', name: 'the top' }
  return first === 'subgraphs' ? { kind: first, name: `${first}/${second}` } : { kind: first, name: first }
}

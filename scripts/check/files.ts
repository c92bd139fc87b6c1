import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top of the repository. Not taken from kit: the checks must run when kit does not. */
export const top = fileURLToPath(new URL('../..', import.meta.url))

const notOurs = new Set(['node_modules', 'generated', 'coverage', '.git', '.stellr'])

/** Paths of the hand-written files under `root` with one of these endings, relative to it and sorted. */
export function filesUnder(root: string, endings: readonly string[], folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (notOurs.has(entry.name)) return []
      if (entry.isDirectory()) return filesUnder(root, endings, path)
      return entry.isFile() && endings.some((ending) => path.endsWith(ending)) ? [path] : []
    })
    .toSorted()
}

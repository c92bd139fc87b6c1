import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesUnder } from './files.ts'

const longest = 350
const madeByProgram = new Set(['schema/supergraph.graphql', 'schema/api.graphql', 'schema/released.graphql'])

/** Hand-written source files that nobody reads in one sitting any more, one line each. */
export function findLongFiles(root: string): string[] {
  return filesUnder(root, ['.ts', '.mjs', '.cjs', '.js', '.graphql', '.prisma', '.sh']).flatMap((file) => {
    if (madeByProgram.has(file)) return []
    const lines = readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length
    return lines > longest ? [`${file} has ${lines} lines: more than ${longest} tell more than one story`] : []
  })
}

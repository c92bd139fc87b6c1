import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesUnder } from './files.ts'

const longest = 350
/**
 * Hand-written source files that nobody reads in one sitting any more, one line each. A domain's SDL is a reference that
 * is looked things up in, and documents every field.
 */
export function findLongFiles(root: string): string[] {
  return filesUnder(root, ['.ts', '.mjs', '.cjs', '.js', '.prisma', '.sh']).flatMap((file) => {
    const lines = readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length
    return lines > longest ? [`${file} has ${lines} lines: more than ${longest} tell more than one story`] : []
  })
}

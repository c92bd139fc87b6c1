import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiFile, findUnsaidBreaks, releasedFile } from './contract.ts'
import { top } from './files.ts'

// pnpm contract:accept "<why, and what clients should do instead>"
const changesFile = 'docs/api-changes.md'
const opening = `# Changes of the API that clients notice

Made by \`pnpm contract:accept\`, newest last. What only adds to the API is not listed.
`

if (import.meta.main) {
  const reason = process.argv.slice(2).join(' ').trim()
  const { exitCode, message } = accept(top, reason, new Date())
  console.log(message)
  process.exitCode = exitCode
}

/** Writes down what breaks and why, and makes the present API the promise. Refuses to do so without a reason. */
export function accept(root: string, reason: string, now: Date): { exitCode: number; message: string } {
  const breaks = findUnsaidBreaks(root)
  if (breaks.length === 0) return { exitCode: 0, message: 'Nothing breaks: there is nothing to accept.' }
  const list = breaks.map((line) => `- ${line}`).join('\n')
  if (reason.length < 10) {
    return { exitCode: 1, message: `${list}\n\nSay why, and what clients should do instead: pnpm contract:accept "<reason>"` }
  }
  const file = join(root, changesFile)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : opening
  writeFileSync(file, `${before}\n## ${now.toISOString().slice(0, 10)}\n\n${reason}\n\n${list}\n`)
  writeFileSync(join(root, releasedFile), readFileSync(join(root, apiFile), 'utf8'))
  return { exitCode: 0, message: `${list}\n\nWritten to ${changesFile}; commit it with ${releasedFile}.` }
}

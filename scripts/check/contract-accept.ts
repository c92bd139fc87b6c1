import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiFile, findUnsaidBreaks, releasedFile } from './contract.ts'
import { eventsPromise, findUnsaidEventBreaks, releasedEventsFile } from './events.ts'
import { top } from './files.ts'

// pnpm contract:accept "<why, and what clients and consumers should do instead>"
const changesFile = 'docs/api-changes.md'
const opening = `# Changes that others notice

Of the API, for clients, and of the events, for their consumers. Made by \`pnpm contract:accept\`, newest last. What is only added
is not listed.
`

if (import.meta.main) {
  const reason = process.argv.slice(2).join(' ').trim()
  const { exitCode, message } = await accept(top, reason, new Date())
  console.log(message)
  process.exitCode = exitCode
}

/** Writes down what breaks and why, and makes the present API and events the promise. Refuses to do so without a reason. */
export async function accept(root: string, reason: string, now: Date): Promise<{ exitCode: number; message: string }> {
  const [apiBreaks, eventBreaks] = [findUnsaidBreaks(root), await findUnsaidEventBreaks(root)]
  const breaks = [...apiBreaks, ...eventBreaks]
  if (breaks.length === 0) return { exitCode: 0, message: 'Nothing breaks: there is nothing to accept.' }
  const list = breaks.map((line) => `- ${line}`).join('\n')
  if (reason.length < 10) {
    return { exitCode: 1, message: `${list}\n\nSay why, and what others should do instead: pnpm contract:accept "<reason>"` }
  }
  const file = join(root, changesFile)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : opening
  writeFileSync(file, `${before}\n## ${now.toISOString().slice(0, 10)}\n\n${reason}\n\n${list}\n`)
  if (apiBreaks.length > 0) writeFileSync(join(root, releasedFile), readFileSync(join(root, apiFile), 'utf8'))
  if (eventBreaks.length > 0) writeFileSync(join(root, releasedEventsFile), await eventsPromise(root))
  return { exitCode: 0, message: `${list}\n\nWritten to ${changesFile}; commit it with the promise that moved.` }
}

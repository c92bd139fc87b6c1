import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { findUnsaidBreaks } from './check/contract.ts'
import { findUnsaidEventBreaks } from './check/events.ts'
import { top } from './check/files.ts'
import { findStaleFiles, generateUncommitted } from './check/generated.ts'
import { findDeadLinks } from './check/links.ts'
import { findLongFiles } from './check/sizes.ts'
import { findBreaches } from './check/walls.ts'

// pnpm check               everything that can be said without running the platform
// pnpm check walls types   only these

/** Says what is wrong, one line or block each; nothing when all is well. */
type Check = () => string[] | Promise<string[]>

const checks: Record<string, Check> = {
  generated: () => findStaleFiles(top),
  contract: () =>
    findUnsaidBreaks(top).map((line) => `${line} Mend it, or say so: pnpm contract:accept "<why, and what clients should do>"`),
  events: async () => (await findUnsaidEventBreaks(top)).map((line) => `${line} ${newVersion}`),
  walls: () => findBreaches(top).breaches,
  types: () => tool('tsc', '--noEmit', '--pretty', 'false'),
  lint: () => tool('oxlint', '--type-aware', '--deny-warnings', '--report-unused-disable-directives'),
  format: () => tool('oxfmt', '--list-different').then((files) => files.map((file) => `${file}\nrun pnpm format`)),
  sizes: () => findLongFiles(top),
  links: () => findDeadLinks(top),
}

const newVersion = `Let the old contract be, define another version, defineEvent('<type>', 2, …), teach consumers both, and publish it a release later; or say \
so: pnpm contract:accept "<why, and what consumers should do>"`

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(checks, name))
if (unknown.length > 0) throw new Error(`no check is called ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`)

await generateUncommitted(top)
let failed = 0
const chosen = Object.entries(checks).filter(([name]) => wanted.length === 0 || wanted.includes(name))
for (const [name, check] of chosen) {
  const startedAt = performance.now()
  const problems = await problemsOf(check)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  if (problems.length > 0) failed += 1
  console.log(`${problems.length === 0 ? 'pass' : 'FAIL'}  ${name.padEnd(10)} ${seconds.padStart(5)} s`)
  for (const problem of problems) console.log(problem.replaceAll(/^/gm, '      '))
}
console.log(`${chosen.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

// A check that breaks has not passed.
async function problemsOf(check: Check): Promise<string[]> {
  try {
    return await check()
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function tool(name: string, ...args: string[]): Promise<string[]> {
  return new Promise((resolve) => {
    execFile(join(top, 'node_modules/.bin', name), args, { cwd: top, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trim()
      resolve(error ? [said === '' ? error.message : said] : [])
    })
  })
}

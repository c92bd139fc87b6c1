import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join, relative } from 'node:path'

/** Something that is made from files of the repository. Paths are from its top; a folder stands for all that is in it. */
export interface Step {
  name: string
  inputs: readonly string[]
  outputs: readonly string[]
  /** Writes the outputs itself, or returns their text by path. */
  run(root: string): Promise<Record<string, string> | void>
}

export interface Ran {
  name: string
  seconds: number
}

/**
 * Runs the steps whose inputs or outputs are not what they were after the last run, side by side, and says which those were.
 * Throws one error that names every step that failed; the others are done and remembered all the same.
 */
export async function runSteps(root: string, steps: readonly Step[], options: { force?: boolean } = {}): Promise<Ran[]> {
  const stampFile = join(root, 'node_modules/.stellr/generated.json')
  const stamps = await readStamps(stampFile)
  const ran: Ran[] = []
  const failures: string[] = []
  const results: (readonly [name: string, stamp: string])[] = []
  const run = async (step: Step) => {
    if (!options.force && stamps[step.name] === (await fingerprint(root, step))) return
    const startedAt = performance.now()
    try {
      const texts = await step.run(root)
      for (const [path, text] of Object.entries(texts ?? {})) await writeIfChanged(join(root, path), text)
      ran.push({ name: step.name, seconds: (performance.now() - startedAt) / 1000 })
      results.push([step.name, await fingerprint(root, step)])
    } catch (error) {
      failures.push(`${step.name}: ${error instanceof Error ? error.message : String(error)}`)
      results.push([step.name, 'failed'])
    }
  }
  const waiting = [...steps]
  const worker = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) await run(step)
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker))
  if (results.length > 0) await writeIfChanged(stampFile, JSON.stringify({ ...stamps, ...Object.fromEntries(results) }, null, 2))
  if (failures.length > 0) throw new Error(failures.join('\n\n'))
  return ran
}

/** The outputs that are not what their step makes of the inputs now. Writes nothing; only for steps that return text. */
export async function staleOutputs(root: string, steps: readonly Step[]): Promise<string[]> {
  const made = await Promise.all(steps.map((step) => step.run(root)))
  const stale = made.flatMap((texts) =>
    Object.entries(texts ?? {}).map(async ([path, text]) => ((await readText(join(root, path))) === text ? [] : [path])),
  )
  return (await Promise.all(stale)).flat()
}

/** One hash over what a step reads and what it wrote: an output edited or deleted by hand is made again. */
async function fingerprint(root: string, step: Step): Promise<string> {
  const hash = createHash('sha256')
  for (const path of [...step.inputs, '\0', ...step.outputs]) {
    for (const file of await filesIn(root, path)) {
      const content = await readFile(join(root, file)).catch(() => null)
      hash.update(`${file}\0${content?.length ?? 'absent'}\0`)
      if (content) hash.update(content)
    }
  }
  return hash.digest('hex')
}

async function filesIn(root: string, path: string): Promise<string[]> {
  const found = await stat(join(root, path)).catch(() => null)
  if (!found?.isDirectory()) return [path]
  const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return files
    .map((file) => relative(root, file))
    .filter((file) => !file.includes('node_modules'))
    .toSorted()
}

async function readStamps(file: string): Promise<Record<string, string>> {
  try {
    return JSON.parse((await readText(file)) ?? '{}')
  } catch {
    return {}
  }
}

async function readText(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null)
}

// Written beside and renamed, so that a watcher or a second run never reads half a file.
async function writeIfChanged(file: string, text: string): Promise<void> {
  if ((await readText(file)) === text) return
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.tmp`
  await writeFile(draft, text)
  await rename(draft, file)
}

import { fileURLToPath } from 'node:url'

/** A path from the top of the repository. */
export function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}

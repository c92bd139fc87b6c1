import { uniqueViolation, type Random } from '@stellr/kit'

const LONGEST = 80
const SHORTEST = 3
const TRIES = 5

/** The readable part of an address: `Über C++: Grundlagen` becomes `uber-c-grundlagen`. `fallback` where no letter is left. */
export function slugOf(title: string, fallback: string): string {
  const words = title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
  const slug = trimmed(trimmed(words).slice(0, LONGEST))
  return slug.length >= SHORTEST ? slug : trimmed(`${fallback}-${slug}`)
}

/** Tries to save under a slug that was made, then under ones with another end. `index` is the one that finds it taken. */
export async function underFreeSlug<T>(slug: string, index: string, random: Random, save: (slug: string) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await save(tries === 1 ? slug : `${slug}-${random.bytes(3).toString('hex')}`)
    } catch (error) {
      if (uniqueViolation(error) !== index || tries === TRIES) throw error
    }
  }
}

function trimmed(text: string): string {
  return text.replaceAll(/^-+|-+$/g, '')
}

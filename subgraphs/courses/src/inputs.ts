import { line, money, prose } from '@stellr/kit'
import { z } from 'zod'

/** Compared and stored in lower case. */
export const id = z.uuid().toLowerCase()
export const title = line(1, 200)
export const description = prose(20_000)
export const difficulty = z.enum(['BEGINNER', 'INTERMEDIATE', 'ADVANCED'])
export const price = money.extend({ amount: z.int().min(0).max(100_000_000) })
export const accessDays = z.int().min(1).max(3650).nullish()
export const coverImageUrl = z
  .url({ protocol: /^https$/, error: 'must be an https address' })
  .max(2000)
  .regex(/^[!-~]+$/, 'must be written in printable ASCII')
  .nullish()

export const categorySlug = z
  .string()
  .max(100)
  .regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and hyphens')
export const slug = categorySlug.min(3)

export const kind = z.enum(['VIDEO', 'ARTICLE', 'DOCUMENT', 'QUIZ'])
export const body = emptyIsNull(prose(100_000)).nullish()
export const comment = emptyIsNull(prose(2000)).nullish()
export const durationSeconds = z.int().min(0).max(86_400)
export const prerequisiteIds = ids(20)
export const stars = z.int().min(1).max(5)

/** A set of ids: one that is given twice counts once. */
export function ids(most: number) {
  return z
    .array(id)
    .max(most)
    .transform((given) => [...new Set(given)])
}

/** A name that is unique in whatever case, and however its accents are written. */
export function uniqueName(most: number) {
  return line(1, most).transform((name) => name.normalize('NFC'))
}

function emptyIsNull<Schema extends z.ZodType<string>>(schema: Schema) {
  return schema.transform((text) => (text === '' ? null : text))
}

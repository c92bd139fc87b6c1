import { line, prose } from '@stellr/kit'
import { z } from 'zod'

/** What an account can be named by at sign-in. */
export type Identifier = { email: string } | { phone: string } | { username: string }

/** Stored and compared in lower case. */
export const email = z
  .string()
  .trim()
  .max(254)
  .toLowerCase()
  .pipe(z.email({ error: 'must be an e-mail address' }))

export const username = line(3, 30)
  .toLowerCase()
  .pipe(z.string().regex(/^[a-z][a-z0-9._-]*$/, 'must be letters, digits, dots, hyphens or underscores, beginning with a letter'))

export const name = line(1, 100)

/** A password to be set. */
export const newPassword = z.string().min(8).max(128).refine(isText, 'must not contain NUL or broken characters')

/** A password to be compared: what could never have been set is refused without looking. */
export const givenPassword = z.string().min(1).max(128).refine(isText, 'must not contain NUL or broken characters')

export const userId = z.uuid()

export const reason = prose(500).nullish()

// No username holds an @ or begins with +, so that each text means one kind only.
export const identifier = line(1, 254)
  .toLowerCase()
  .transform((text): Identifier => {
    if (text.includes('@')) return { email: text }
    const digits = text.replaceAll(/[\s().-]/g, '')
    return /^\+[1-9]\d{6,14}$/.test(digits) ? { phone: digits } : { username: text }
  })

function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

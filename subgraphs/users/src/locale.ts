import { z } from 'zod'

/** A BCP 47 tag, brought into its canonical form: `EN-gb` becomes `en-GB`. */
export const language = z
  .string()
  .max(35)
  .transform((tag, context) => {
    const canonical = canonicalTag(tag)
    if (canonical === null) context.addIssue({ code: 'custom', message: 'must be a BCP 47 tag such as en-GB' })
    return canonical ?? z.NEVER
  })

/** A zone of the IANA time zone database, or UTC. */
export const timeZone = z.string().max(64).refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin')

function canonicalTag(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null
  } catch {
    return null
  }
}

function isTimeZone(zone: string): boolean {
  // Offsets such as +01:00 are accepted by Intl, but they know no summer time.
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

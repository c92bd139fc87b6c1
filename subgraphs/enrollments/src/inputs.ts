import { z } from 'zod'

export const enrollmentId = z.uuid().toLowerCase()

/** Whether this can be an id at all: what cannot would make the database refuse the statement. */
export function isId(text: string): boolean {
  return z.uuid().safeParse(text).success
}

import type { Person, School } from '../../testkit/school.ts'
import type { Input } from '../classroom.ts'
import { accounts } from './accounts.ts'
import { courses } from './courses.ts'
import { learning } from './learning.ts'

export interface Involved {
  /** Whoever sends it. What it names and only its owner may change is theirs. */
  me: Person
  /** Whom it is about where somebody else is needed. */
  other: Person
  /** Makes whatever else it names. */
  admin: Person
}

/** An input such as an honest client sends, and everything that it names made before. */
export type Honest = (of: Involved) => Input | Promise<Input>

/** For each mutation an input with every field given. */
export const honest: Record<string, Honest> = { ...accounts, ...courses, ...learning }

export async function honestInput(school: School, name: string, of: Omit<Involved, 'admin'>): Promise<Input> {
  const make = honest[name]
  if (!make) throw new Error(`no honest input for ${name}`)
  return make({ ...of, admin: await school.admin() })
}

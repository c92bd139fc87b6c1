export const viewers = ['anonymous', 'other student', 'other instructor', 'owner', 'admin'] as const

export type Viewer = (typeof viewers)[number]

/** What a viewer gets: the value, null without an error, or an error of this code. */
export type Outcome = 'value' | 'null' | 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'NOT_ENROLLED' | 'BAD_USER_INPUT'

/** One outcome for each viewer, in their order. */
export type Outcomes = readonly [Outcome, Outcome, Outcome, Outcome, Outcome]

export interface Visit {
  /** The viewer is someone whose account is about to be deleted. */
  leaving?: true
  /** In the owner's place stands not the student, but the instructor who wrote the courses. */
  as?: 'author'
  /** The student learns the course that a mutation names. (The one that queries name they always do.) */
  learning?: true
  /** The operation. What `$names` there are, and what they stand for, s04/things.ts tells. */
  ask: string
  /** What becomes of the root field itself. */
  root: Outcomes
  rows: readonly [fields: string, outcomes: Outcomes][]
}

export const everyone: Outcomes = ['value', 'value', 'value', 'value', 'value']
export const everyoneNull: Outcomes = ['null', 'null', 'null', 'null', 'null']
export const signedIn: Outcomes = ['UNAUTHENTICATED', 'value', 'value', 'value', 'value']
export const signedInNull: Outcomes = ['UNAUTHENTICATED', 'null', 'null', 'null', 'null']
export const adminOnly: Outcomes = ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'value']
export const adminOnlyNull: Outcomes = ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'null']
export const ownerOnly: Outcomes = ['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'value', 'NOT_FOUND']
/** A learner, whom only the signed-in find, and what of them is their own and the administrators' business. */
export const found: Outcomes = ['NOT_FOUND', 'value', 'value', 'value', 'value']
export const foundOwn: Outcomes = ['NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', 'value', 'value']
export const foundOwnNull: Outcomes = ['NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', 'null', 'null']
/** Of somebody whom everybody knows. */
export const adminsBusiness: Outcomes = ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'value']
export const adminsBusinessNull: Outcomes = ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'null']
/** Of something that everybody sees, what each viewer has of their own there: here only the owner has. */
export const ownersOwn: Outcomes = ['null', 'null', 'null', 'value', 'null']
/** What others do not find: a draft, what was archived, a lesson that only an older version has. */
export const hidden: Outcomes = ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'value', 'value']
export const hiddenNull: Outcomes = ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'null', 'null']
export const hiddenOwn: Outcomes = ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'value', 'null']
/** Whoever is signed in may ask, and only the owner and administrators find it. */
export const involved: Outcomes = ['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'value', 'value']
export const involvedNull: Outcomes = ['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'null', 'null']

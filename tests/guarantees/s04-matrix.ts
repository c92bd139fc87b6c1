/**
 * Who sees what: every field that clients see, for every kind of viewer. Each visit asks for the fields of one type, in the
 * place of `*`; `$names` are filled in by the test. `rows` names each field of that type once per visit; a field of
 * the schema that stands in no row fails the build, so whoever adds one decides here who may see it.
 */
export const viewers = ['anonymous', 'other student', 'other instructor', 'owner', 'admin'] as const

export type Viewer = (typeof viewers)[number]

/** What a viewer gets: the value, null without an error, or an error of this code. */
export type Outcome = 'value' | 'null' | 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND'

/** One outcome for each viewer, in their order. */
export type Outcomes = readonly [Outcome, Outcome, Outcome, Outcome, Outcome]

export interface Visit {
  /** The viewer is someone whose account is about to be deleted. */
  leaving?: boolean
  /** The operation. The owner is a student; `$teacher` and `$principal` are somebody else's ids: an instructor's, an admin's. */
  ask: string
  /** What becomes of the root field itself. */
  root: Outcomes
  rows: readonly [fields: string, outcomes: Outcomes][]
}

const everyone: Outcomes = ['value', 'value', 'value', 'value', 'value']
const everyoneNull: Outcomes = ['null', 'null', 'null', 'null', 'null']
const signedIn: Outcomes = ['UNAUTHENTICATED', 'value', 'value', 'value', 'value']
const signedInNull: Outcomes = ['UNAUTHENTICATED', 'null', 'null', 'null', 'null']
const adminOnly: Outcomes = ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'value']
const adminOnlyNull: Outcomes = ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'null']
const ownerOnly: Outcomes = ['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'value', 'NOT_FOUND']
/** A learner, whom only the signed-in find, and what of them is their own and the administrators' business. */
const found: Outcomes = ['NOT_FOUND', 'value', 'value', 'value', 'value']
const foundOwn: Outcomes = ['NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', 'value', 'value']
const foundOwnNull: Outcomes = ['NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', 'null', 'null']
/** Of somebody whom everybody knows. */
const adminsBusiness: Outcomes = ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'value']
const adminsBusinessNull: Outcomes = ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'null']

const published = 'id name profile createdAt updatedAt'
const account = 'username email role status'
// Nothing gives a phone yet, and only those who are leaving have a date for it.
const unset = 'phone deletionScheduledAt'
const personal = 'preferences onboarding'
const session = 'id current userAgent ipAddress lastUsedAt expiresAt createdAt updatedAt'
const tokens = 'accessToken refreshToken expiresIn'

export const visits: readonly Visit[] = [
  {
    ask: 'query { me { * } }',
    root: signedIn,
    rows: [
      [`${published} ${account} ${personal}`, signedIn],
      [unset, signedInNull],
    ],
  },
  {
    ask: 'query { user(id: $owner) { * } }',
    root: found,
    rows: [
      [published, found],
      [`${account} ${personal}`, foundOwn],
      [unset, foundOwnNull],
    ],
  },
  {
    ask: 'query { user(id: $teacher) { * } }',
    root: everyone,
    rows: [
      [published, everyone],
      [`${account} ${personal}`, adminsBusiness],
      [unset, adminsBusinessNull],
    ],
  },
  {
    ask: 'query { user(id: $principal) { * } }',
    root: everyone,
    rows: [
      [published, everyone],
      [`${account} ${personal}`, adminsBusiness],
      [unset, adminsBusinessNull],
    ],
  },
  {
    ask: 'query { user(id: $owner) { profile { * } } }',
    root: found,
    rows: [
      ['name avatarUrl bio createdAt updatedAt', found],
      ['locale timeZone', foundOwn],
    ],
  },
  {
    ask: 'query { user(id: $owner) { preferences { * } } }',
    root: found,
    rows: [['language marketing quietHours createdAt updatedAt', foundOwn]],
  },
  { ask: 'query { user(id: $owner) { preferences { quietHours { * } } } }', root: found, rows: [['start end', foundOwn]] },
  {
    ask: 'query { user(id: $owner) { onboarding { * } } }',
    root: found,
    rows: [['firstLoginAt tutorialCompletedAt completedSteps remainingSteps createdAt updatedAt', foundOwn]],
  },
  { ask: 'query { dashboard { * } }', root: signedIn, rows: [['id user', signedIn]] },
  { ask: 'query { users(first: 1) { * } }', root: adminOnly, rows: [['edges pageInfo', adminOnly]] },
  { ask: 'query { users(first: 1) { edges { * } } }', root: adminOnly, rows: [['cursor node', adminOnly]] },
  {
    ask: 'query { users(first: 1) { pageInfo { * } } }',
    root: adminOnly,
    rows: [['hasNextPage hasPreviousPage startCursor endCursor', adminOnly]],
  },
  {
    ask: 'query { users(first: 1) { edges { node { * } } } }',
    root: adminOnly,
    rows: [
      [`${published} email role status ${personal}`, adminOnly],
      [`username ${unset}`, adminOnlyNull],
    ],
  },
  { ask: 'query { sessions { * } }', root: signedIn, rows: [['edges pageInfo', signedIn]] },
  { ask: 'query { sessions { edges { * } } }', root: signedIn, rows: [['cursor node', signedIn]] },
  {
    ask: 'query { sessions { edges { node { * } } } }',
    root: signedIn,
    rows: [
      [session, signedIn],
      ['revokedAt', signedInNull],
    ],
  },
  {
    ask: 'mutation { register(input: { email: $newEmail, password: $password, name: "N. N." }) { * } }',
    root: everyone,
    rows: [[`${tokens} user`, everyone]],
  },
  {
    ask: 'mutation { login(input: { identifier: $ownersEmail, password: $password }) { * } }',
    root: everyone,
    rows: [[`${tokens} user`, everyone]],
  },
  {
    // Whoever has just proved to be the owner is told the owner's business, whatever else they are signed in as.
    ask: 'mutation { login(input: { identifier: $ownersEmail, password: $password }) { user { * } } }',
    root: everyone,
    rows: [
      [`${published} ${account} ${personal}`, everyone],
      [unset, everyoneNull],
    ],
  },
  {
    ask: 'mutation { refreshSession(input: { refreshToken: $ownersRefreshToken }) { * } }',
    root: everyone,
    rows: [[`${tokens} user`, everyone]],
  },
  { ask: 'mutation { logout { * } }', root: signedIn, rows: [['session', signedIn]] },
  { ask: 'mutation { logout { session { * } } }', root: signedIn, rows: [[`${session} revokedAt`, signedIn]] },
  { ask: 'mutation { logout(input: { refreshToken: $ownersRefreshToken }) { * } }', root: everyone, rows: [['session', everyone]] },
  { ask: 'mutation { logoutEverywhere { * } }', root: signedIn, rows: [['revokedSessions', signedIn]] },
  { ask: 'mutation { revokeSession(input: { sessionId: $ownersSession }) { * } }', root: ownerOnly, rows: [['session', ownerOnly]] },
  {
    ask: 'mutation { changePassword(input: { currentPassword: $password, newPassword: "another good one" }) { * } }',
    root: signedIn,
    rows: [[`${tokens} user revokedSessions`, signedIn]],
  },
  {
    ask: 'mutation { deleteAccount(input: { password: $password }) { * } }',
    root: signedIn,
    rows: [['deletionScheduledAt', signedIn]],
  },
  { leaving: true, ask: 'query { me { * } }', root: signedIn, rows: [['id status deletionScheduledAt', signedIn]] },
  { leaving: true, ask: 'mutation { cancelAccountDeletion { * } }', root: signedIn, rows: [['user', signedIn]] },
  { ask: 'mutation { setRole(input: { userId: $owner, role: INSTRUCTOR }) { * } }', root: adminOnly, rows: [['user', adminOnly]] },
  { ask: 'mutation { blockUser(input: { userId: $owner }) { * } }', root: adminOnly, rows: [['user', adminOnly]] },
  { ask: 'mutation { unblockUser(input: { userId: $owner }) { * } }', root: adminOnly, rows: [['user', adminOnly]] },
  { ask: 'mutation { updateProfile(input: { bio: "Here." }) { * } }', root: signedIn, rows: [['user', signedIn]] },
  { ask: 'mutation { updatePreferences(input: { marketing: true }) { * } }', root: signedIn, rows: [['user', signedIn]] },
  { ask: 'mutation { completeOnboardingStep(input: { step: PROFILE }) { * } }', root: signedIn, rows: [['user', signedIn]] },
]

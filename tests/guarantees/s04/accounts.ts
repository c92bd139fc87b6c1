import {
  adminOnly,
  adminOnlyNull,
  adminsBusiness,
  adminsBusinessNull,
  everyone,
  everyoneNull,
  found,
  foundOwn,
  foundOwnNull,
  ownerOnly,
  signedIn,
  signedInNull,
  type Visit,
} from './outcomes.ts'

const published = 'id name profile createdAt updatedAt taughtCourses'
const account = 'username email role status'
// Nothing gives a phone yet, and only those who are leaving have a date for it.
const unset = 'phone deletionScheduledAt'
const personal = 'preferences onboarding enrollments'
const session = 'id current userAgent ipAddress lastUsedAt expiresAt createdAt updatedAt'
const tokens = 'accessToken refreshToken expiresIn'

/** People, their accounts and sessions. */
export const accounts: readonly Visit[] = [
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

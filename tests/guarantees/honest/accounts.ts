import { change } from '../classroom.ts'
import { sessionOf } from '../people.ts'
import type { Honest } from './input.ts'

export const accounts: Record<string, Honest> = {
  register: () => ({
    email: `s19-${crypto.randomUUID()}@example.org`,
    password: 'correct horse',
    name: 'N. N.',
    username: `u${crypto.randomUUID().slice(0, 8)}`,
  }),
  login: ({ me }) => ({ identifier: me.email, password: me.password }),
  refreshSession: ({ me }) => ({ refreshToken: me.refreshToken }),
  logout: ({ me }) => ({ refreshToken: me.refreshToken }),
  logoutEverywhere: async ({ me }) => {
    await change(me, 'login', { identifier: me.email, password: me.password })
    return { keepCurrent: true }
  },
  revokeSession: async ({ me }) => ({ sessionId: await sessionOf(me) }),
  changePassword: ({ me }) => ({ currentPassword: me.password, newPassword: 'another good one' }),
  deleteAccount: ({ me }) => ({ password: me.password }),
  cancelAccountDeletion: () => ({ reason: 'I stay.' }),
  setRole: ({ other }) => ({ userId: other.id, role: 'INSTRUCTOR' }),
  blockUser: ({ other }) => ({ userId: other.id, reason: 'Spam.' }),
  unblockUser: ({ other }) => ({ userId: other.id }),
  updateProfile: () => ({ name: 'Ada', avatarUrl: 'https://example.org/a.png', bio: 'Hi.', locale: 'en-GB', timeZone: 'Europe/Berlin' }),
  updatePreferences: () => ({ language: 'de', marketing: true, quietHours: { start: '22:00', end: '07:00' } }),
  completeOnboardingStep: () => ({ step: 'TUTORIAL' }),
}

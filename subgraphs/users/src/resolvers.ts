import { mutation, requireUser } from '@stellr/kit'
import type { Resolvers } from './generated/graphql.ts'
import { doneSteps, remainingSteps } from './onboarding.ts'
import { requirePrivate } from './policy.ts'
import { formatQuietHours } from './quiet-hours.ts'
import * as completeOnboardingStep from './use-cases/complete-onboarding-step.ts'
import { findMe, findUser, ownOr, profileOf, visibleUser } from './use-cases/find-user.ts'
import { listUsers } from './use-cases/list-users.ts'
import * as updatePreferences from './use-cases/update-preferences.ts'
import * as updateProfile from './use-cases/update-profile.ts'

export const resolvers: Resolvers = {
  Query: {
    me: (_, __, context) => findMe(context),
    user: (_, { id }, context) => findUser(context, id),
    users: (_, args, context) => listUsers(context, args),
    dashboard: (_, __, { viewer }) => ({ id: requireUser(viewer).id }),
  },
  Mutation: {
    updateProfile: mutation(updateProfile.input, updateProfile.updateProfile),
    updatePreferences: mutation(updatePreferences.input, updatePreferences.updatePreferences),
    completeOnboardingStep: mutation(completeOnboardingStep.input, completeOnboardingStep.completeOnboardingStep),
  },
  User: {
    __resolveReference: async ({ id }, context) => visibleUser(context, id),
    name: async (user, _, context) => (await profileOf(context, user))?.name ?? null,
    profile: (user, _, context) => profileOf(context, user),
    createdAt: async (user, _, context) => (await profileOf(context, user))?.createdAt ?? null,
    updatedAt: async (user, _, context) => (await profileOf(context, user))?.updatedAt ?? null,
    preferences: async ({ id }, _, context) => {
      requirePrivate(context.viewer, id)
      return ownOr(context, id, context.store.preferences, context.store.findPreferences)
    },
    onboarding: async ({ id }, _, context) => {
      requirePrivate(context.viewer, id)
      return ownOr(context, id, context.store.onboarding, context.store.findOnboarding)
    },
  },
  Profile: {
    locale: ({ userId, locale }, _, { viewer }) => {
      requirePrivate(viewer, userId)
      return locale
    },
    timeZone: ({ userId, timeZone }, _, { viewer }) => {
      requirePrivate(viewer, userId)
      return timeZone
    },
  },
  Preferences: {
    quietHours: (preferences) => formatQuietHours(preferences),
  },
  Onboarding: {
    completedSteps: ({ completedSteps }) => doneSteps(completedSteps),
    remainingSteps: ({ completedSteps }) => remainingSteps(completedSteps),
  },
  Dashboard: {
    __resolveReference: async ({ id }, { viewer }) => (viewer.kind === 'user' && viewer.id === id ? { id } : null),
    user: ({ id }) => ({ id }),
  },
}

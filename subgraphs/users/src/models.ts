import type { ProfileRow } from './store.ts'

export type { OnboardingRow, PreferencesRow, ProfileRow } from './store.ts'

/** A person who exists and may be shown. The profile comes along when it was read on the way. */
export interface UserRef {
  readonly id: string
  readonly profile?: ProfileRow
}

export interface DashboardRef {
  readonly id: string
}

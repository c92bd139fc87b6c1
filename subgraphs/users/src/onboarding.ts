/** The steps of the introduction, in the order in which to offer them. */
export const onboardingSteps = ['PROFILE', 'PREFERENCES', 'TUTORIAL', 'FIRST_COURSE'] as const

export type OnboardingStep = (typeof onboardingSteps)[number]

/** The steps that stand in a row's list, in the order in which they were done. */
export function doneSteps(recorded: readonly string[]): OnboardingStep[] {
  return recorded.filter((step): step is OnboardingStep => (onboardingSteps as readonly string[]).includes(step))
}

export function remainingSteps(recorded: readonly string[]): OnboardingStep[] {
  return onboardingSteps.filter((step) => !recorded.includes(step))
}

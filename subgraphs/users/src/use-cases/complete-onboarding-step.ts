import { DomainError, requireUser } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { UserRef } from '../models.ts'
import { onboardingSteps } from '../onboarding.ts'

export const input = z.object({ step: z.enum(onboardingSteps) })

/** Records a step of the introduction once, however often it is reported. */
export async function completeOnboardingStep(context: Context, { step }: z.output<typeof input>): Promise<{ user: UserRef }> {
  const { id } = requireUser(context.viewer)
  await context.services.limits.spend('changes', id)
  if (!(await context.awaitOwn(id, () => context.store.findProfile(id)))) throw new DomainError('NOT_FOUND')
  await context.store.addOnboardingStep(id, step, context.clock.now())
  return { user: { id } }
}

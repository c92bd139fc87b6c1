import { environment } from '@stellr/kit'
import type { TestProject } from 'vitest/node'
import { whyNoStripeMock } from '../../scripts/stripe-mock/program.ts'

declare module 'vitest' {
  interface ProvidedContext {
    hasStripeMock: boolean
  }
}

/** Says whether Stripe's stripe-mock can be run here; the test that needs it builds it. Left out otherwise, unless STELLR_STRIPE_MOCK=required. */
export async function setup(project: TestProject): Promise<void> {
  const env = environment()
  const reason = await whyNoStripeMock(env)
  project.provide('hasStripeMock', reason === null)
  if (reason === null) return
  if (env['STELLR_STRIPE_MOCK'] === 'required') throw new Error(`The test against stripe-mock is required, but ${reason}.`)
  console.log(`The test against Stripe's stripe-mock is left out: ${reason}. With Go on the PATH, npm test runs it too.`)
}

import { expect } from 'vitest'
import { runAudit } from '../../scripts/payments/run.ts'
import { journeys } from '../testkit/journey.ts'
import { disputed } from './paying/disputes.ts'
import { lateAndBackAgain, lateAndGivenBack, lateAndUsed } from './paying/late-money.ts'
import { payAndLearn } from './paying/pay-and-learn.ts'
import { refundedInParts } from './paying/refunds.ts'
import { refusals } from './paying/refusals.ts'
import { declinedThenPaid, threeDSecure } from './paying/tries.ts'

journeys({
  'a learner pays, sees it live, learns, has a receipt, and has the money back': payAndLearn,
  'a card that is declined, and one that pays, on the same payment': declinedThenPaid,
  '3-D Secure: passed, and failed then passed': threeDSecure,
  'money that comes late opens the course that was left meanwhile': lateAndUsed,
  'money that comes late for a course that was archived, or costs something else now, goes back': lateAndGivenBack,
  'money that comes late pays for what its learner waits to pay for by then': lateAndBackAgain,
  'a dispute suspends; lost it ends, won it gives back': disputed,
  'an administrator gives back a part, then the rest, never more, and stands in the audit log': refundedInParts,
  'what is refused, as a front end meets it': refusals,
  'after all of that, money and access agree': async (school) => {
    await school.settle()
    const said: string[] = []
    const code = await runAudit(['--settled'], { env: school.env, out: (text) => said.push(text), err: (text) => said.push(text) })
    expect([code, said.join('\n')]).toEqual([0, expect.stringContaining('disagreements: none')])
  },
})

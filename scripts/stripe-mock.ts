import { environment, freePort } from '@stellr/kit'
import { stripeMockProgram } from './stripe-mock/program.ts'
import { startStripeMock } from './stripe-mock/server.ts'
import { runUntilStopped } from './platform/until-stopped.ts'

// Stripe's own stripe-mock on this machine: pnpm stripe-mock
await runUntilStopped(async () => {
  const program = await stripeMockProgram(environment(), console.log)
  const { url, ended, stop } = await startStripeMock(program, await freePort(12_111))
  console.log(`
STRIPE_API_URL=${url}

stripe-mock is up: it checks requests against Stripe's specification, and answers with examples. It remembers nothing.
`)
  return { broken: ended.then(() => 'stripe-mock ended by itself.'), stop }
})

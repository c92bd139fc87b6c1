import { DomainError } from '@stellr/kit'
import type { Backstage } from './context.ts'
import { createAdmin, type CreatedAdmin } from './use-cases/create-admin.ts'

/** Makes the administrator whom STELLR_ADMIN_EMAIL names, at a start that finds none. */
export async function ensureFirstAdmin(backstage: Backstage, print = (text: string) => void process.stdout.write(text)): Promise<void> {
  const { log, services, store } = backstage
  const { adminEmail, adminPassword } = services.settings
  if (adminEmail === undefined || (await store.activeAdmins()).length > 0) return
  const made = await createUnlessShutOut(backstage, adminEmail, adminPassword)
  if (made === null || made.outcome === 'NOT_FIRST') return
  const { outcome, email, password } = made
  log.info({ outcome }, 'the first administrator was made')
  // Straight to whoever watches the start, and only when no other place holds it: the log never learns a password.
  if (adminPassword === undefined) print(`\n  First administrator: ${email}\n  Password (shown this once): ${password}\n\n`)
}

// Anybody may have registered the address: what became of that account must not keep everybody else from signing in.
async function createUnlessShutOut(backstage: Backstage, email: string, password: string | undefined): Promise<CreatedAdmin | null> {
  try {
    return await createAdmin(backstage, { email, password, onlyFirst: true })
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'CONFLICT')) throw error
    backstage.log.error(
      { details: error.details },
      'there is no administrator: the account with the address in STELLR_ADMIN_EMAIL is blocked or deleted. ' +
        'Set STELLR_ADMIN_EMAIL to another address and start again, or run pnpm admin:create with another address',
    )
    return null
  }
}

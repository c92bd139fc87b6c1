import type { Backstage } from './context.ts'
import { createAdmin } from './use-cases/create-admin.ts'

/** Makes the administrator whom STELLR_ADMIN_EMAIL names, at a start that finds none. */
export async function ensureFirstAdmin(backstage: Backstage, print = (text: string) => void process.stdout.write(text)): Promise<void> {
  const { log, services, store } = backstage
  const { adminEmail, adminPassword } = services.settings
  if (adminEmail === undefined || (await store.activeAdmins()).length > 0) return
  const { outcome, email, password } = await createAdmin(backstage, { email: adminEmail, password: adminPassword, onlyFirst: true })
  if (outcome === 'NOT_FIRST') return
  log.info({ outcome }, 'the first administrator was made')
  // Straight to whoever watches the start, and only when no other place holds it: the log never learns a password.
  if (adminPassword === undefined) print(`\n  First administrator: ${email}\n  Password (shown this once): ${password}\n\n`)
}

import { parseArgs } from 'node:util'
import { createAdmin } from '@stellr/auth'
import { command, onAuth } from './auth-command.ts'

const usage = 'Usage: npx pnpm@12 admin:create <email> [--name <name>]'

const said = {
  CREATED: 'is an administrator now',
  PROMOTED: 'had an account, which is an administrator’s now, with a new password',
  ALREADY_ADMIN: 'is an administrator already; nothing was changed',
  NOT_FIRST: 'was not made an administrator',
}

await command(async () => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { name: { type: 'string' } } })
  const [email] = positionals
  if (email === undefined || positionals.length > 1) throw new Error(usage)
  await onAuth(async (backstage) => {
    const made = await createAdmin(backstage, { email, name: values.name })
    console.log(`${made.email} ${said[made.outcome]}.`)
    if (made.password !== null) console.log(`Password (shown this once): ${made.password}`)
  })
})

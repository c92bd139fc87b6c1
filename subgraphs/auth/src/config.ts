import { limitSetting } from '@stellr/kit'
import { z } from 'zod'

const whole = z.coerce.number().int()

/** What an operator may set: AUTH_<NAME>, or the name that is given. */
export const config = z.object({
  secret: z
    .string()
    .min(32)
    .meta({ description: 'Refresh tokens and the encryption of signing keys derive from it: at least 32 characters', secret: true }),
  issuer: z.string().min(1).default('stellr').meta({ description: 'Who access tokens say they are from (iss)' }),
  accessTokenSeconds: whole.min(30).max(3600).default(300).meta({ description: 'How long an access token lives' }),
  keyActivationSeconds: whole.min(0).max(3600).default(60).meta({ description: 'How long a new signing key is published before it signs' }),
  keyRotationDays: whole.min(1).max(365).default(30).meta({ description: 'Age at which the signing key is replaced' }),
  sessionDays: whole.min(1).max(365).default(30).meta({ description: 'How long a session lives without being refreshed' }),
  sessionMaxDays: whole
    .min(1)
    .max(730)
    .default(180)
    .meta({ description: 'How long a session lives at most, however often it is refreshed' }),
  deletionDays: whole.min(1).max(365).default(30).meta({ description: 'How long the deletion of an account can be undone' }),
  passwordConcurrency: whole
    .min(1)
    .max(64)
    .default(2)
    .meta({ description: 'How many passwords are hashed at once; each takes 19 MiB and a core' }),
  adminEmail: z.email().max(254).toLowerCase().optional().meta({
    env: 'STELLR_ADMIN_EMAIL',
    description: 'Address of the first administrator, made at a start that finds none',
    example: 'admin@example.org',
  }),
  adminPassword: z.string().min(8).max(128).optional().meta({
    env: 'STELLR_ADMIN_PASSWORD',
    description: 'Password of the first administrator; one is made up and shown once when it is not set',
    secret: true,
  }),
  registerPerAddress: limitSetting('REGISTER_PER_ADDRESS', 100, 'registrations per network address and hour'),
  loginPerAddress: limitSetting('LOGIN_PER_ADDRESS', 100, 'sign-ins per network address and 15 minutes'),
  loginPerAccount: limitSetting('LOGIN_PER_ACCOUNT', 10, 'failed sign-ins per account and 15 minutes'),
  refreshPerAddress: limitSetting('REFRESH_PER_ADDRESS', 600, 'session refreshes per network address and minute'),
  refreshPerSession: limitSetting('REFRESH_PER_SESSION', 60, 'refreshes per session and minute'),
  passwordChecksPerAccount: limitSetting('PASSWORD_CHECKS_PER_ACCOUNT', 10, 'password confirmations per account and 15 minutes'),
  sessionChangesPerUser: limitSetting('SESSION_CHANGES_PER_USER', 60, 'sign-outs and the like per user and minute'),
  adminChangesPerAdmin: limitSetting('ADMIN_CHANGES_PER_ADMIN', 120, 'changes of accounts per administrator and minute'),
})

export type Settings = z.output<typeof config>

/** How long something must be remembered so that it outlives every access token of now, whatever the clocks differ by. */
export function tokenMemorySeconds({ accessTokenSeconds }: Settings): number {
  return accessTokenSeconds + 60
}

import { environment } from '@stellr/kit'
import { runAudit } from './payments/run.ts'

// For whoever operates the platform: pnpm payments:audit
process.exitCode = await runAudit(process.argv.slice(2), { env: environment(), out: console.log, err: console.error })

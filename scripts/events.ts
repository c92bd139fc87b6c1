import { environment } from '@stellr/kit'
import { runEvents } from './events/run.ts'

// For whoever operates the platform: pnpm events
process.exitCode = await runEvents(process.argv.slice(2), { env: environment(), out: console.log, err: console.error })

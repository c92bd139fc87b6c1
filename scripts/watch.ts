import { environment } from '@stellr/kit'
import { runWatch } from './watch/run.ts'

// For whoever builds on the platform: pnpm watch
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())
process.exitCode = await runWatch(process.argv.slice(2), {
  password: environment()['STELLR_PASSWORD'],
  print: console.log,
  say: console.error,
  signal: stop.signal,
})

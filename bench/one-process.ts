import { startPlatform } from '../scripts/platform/start-platform.ts'

// The whole platform in a process of its own, so that the load does not run in it.
await startPlatform({ env: process.env, port: Number(process.argv[2]) })
process.on('disconnect', () => process.exit())

import { flushCompileCache } from 'node:module'
import { environment } from '@stellr/kit'
import { ensureDemo } from './scripts/platform/ensure-demo.ts'
import { greeting } from './scripts/platform/greeting.ts'
import { prepareGround } from './scripts/platform/local.ts'
import { showPhases } from './scripts/platform/phases.ts'
import { wantsDemo } from './scripts/platform/settings.ts'
import { startPlatform } from './scripts/platform/start-platform.ts'
import { runUntilStopped } from './scripts/platform/until-stopped.ts'

// The whole platform in one process: npm start
await runUntilStopped(async () => {
  const phases = showPhases()
  phases.done('load')
  const ground = await prepareGround(environment(), { willListen: true })
  phases.done('postgres')
  try {
    const demo = await ensureDemo(ground, wantsDemo(ground.env), phases.doing)
    if (demo === 'built') phases.done('demo')
    const platform = await startPlatform({ env: ground.env, log: ground.log, onPhase: phases.done })
    console.log(`\nStellr is up after ${phases.totalSeconds().toFixed(1)} s.`)
    console.log(greeting({ ...platform, dataDir: ground.postgres && ground.dataDir, env: ground.env, demo: demo !== 'none' }))
    // Now, for the next start: this process may be killed.
    flushCompileCache()
    return {
      broken: ground.broken,
      async stop() {
        await platform.stop()
        await ground.stop()
      },
    }
  } catch (error) {
    await ground.stop()
    throw error
  }
})

import { flushCompileCache } from 'node:module'
import { environment } from '@stellr/kit'
import { ensureDemo } from './platform/ensure-demo.ts'
import { greeting } from './platform/greeting.ts'
import { prepareGround } from './platform/local.ts'
import { showPhases } from './platform/phases.ts'
import { wantsDemo } from './platform/settings.ts'
import { startDistributed } from './platform/start-distributed.ts'
import { runUntilStopped } from './platform/until-stopped.ts'

// One process per subgraph and one for the router, on this machine: pnpm start:distributed
await runUntilStopped(async () => {
  const phases = showPhases()
  phases.done('load')
  const ground = await prepareGround(environment(), { willListen: true })
  phases.done('postgres')
  try {
    const demo = await ensureDemo(ground, wantsDemo(ground.env), phases.doing)
    if (demo === 'built') phases.done('demo')
    const platform = await startDistributed({ env: { LOG_LEVEL: 'warn', ...ground.env }, print: console.log, onPhase: phases.done })
    console.log(`\nStellr is up after ${phases.totalSeconds().toFixed(1)} s, in ${Object.keys(platform.processes).length} processes.`)
    const { router, ...subgraphs } = platform.processes
    const metricsUrl = router?.metricsUrl ?? null
    const others = Object.fromEntries(
      Object.values(subgraphs).map((part) => [part.name, `${part.url}/readyz   metrics: ${part.metricsUrl ?? 'none'}`]),
    )
    console.log(
      greeting({
        url: platform.url,
        metricsUrl,
        others,
        dataDir: ground.postgres && ground.dataDir,
        env: ground.env,
        demo: demo !== 'none',
      }),
    )
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

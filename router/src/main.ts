import {
  announce,
  closeOnSignals,
  closingConfig,
  createLogger,
  derivePassportKey,
  environment,
  metricsConfig,
  readConfig,
  serveMetrics,
} from '@stellr/kit'
import { domains } from '@stellr/schema'
import { createRouter } from './router.ts'
import { addresses, distributedConfig, routerConfig } from './settings.ts'
import { httpTransport } from './transports/http.ts'

// The router alone, its subgraphs being processes of their own.
const sections = { router: routerConfig, '': distributedConfig.extend({ ...metricsConfig.shape, ...closingConfig.shape }), ...addresses }
const { router: settings, '': own, ...subgraphs } = readConfig(sections, environment())
const log = createLogger({ name: 'router', level: own.logLevel })

const transports = Object.fromEntries(
  domains.map((name) => [
    name,
    httpTransport({
      name,
      url: subgraphs[name].url,
      passportKey: derivePassportKey(own.passportSecret, name),
      timeoutMs: settings.subgraphTimeoutMs,
      breakerFailures: settings.breakerFailures,
      breakerProbeSeconds: settings.breakerProbeSeconds,
      log,
    }),
  ]),
)

const router = await createRouter({ settings, transports, log })
const metrics = await serveMetrics(own)
const close = async () => {
  await router.close()
  await metrics.close()
}
closeOnSignals(close, log, { drainSeconds: own.drainSeconds, leave: () => router.app.leave() })
const url = await router.listen(settings)
announce(url, metrics.url)
log.info({ url }, 'listening')

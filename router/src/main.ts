import { announce, closeOnSignals, createLogger, derivePassportKey, environment, readConfig } from '@stellr/kit'
import { domains } from '@stellr/schema'
import { createRouter } from './router.ts'
import { addresses, distributedConfig, routerConfig } from './settings.ts'
import { httpTransport } from './transports/http.ts'

// The router alone, its subgraphs being processes of their own.
const { router: settings, '': own, ...subgraphs } = readConfig({ router: routerConfig, '': distributedConfig, ...addresses }, environment())
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
closeOnSignals(() => router.close(), log)
const url = await router.listen(settings)
announce(url)
log.info({ url }, 'listening')

import { join, resolve } from 'node:path'
import { environment, freePort, readConfig } from '@stellr/kit'
import { startBroker } from './kafka/broker.ts'
import { kafkaProgram } from './kafka/program.ts'
import { dataDirConfig } from './platform/data-dir.ts'
import { runUntilStopped } from './platform/until-stopped.ts'

// A real Apache Kafka on this machine, one broker, for development: pnpm kafka
await runUntilStopped(async () => {
  const env = environment()
  const { dataDir } = readConfig({ '': dataDirConfig }, env)['']
  const program = await kafkaProgram(env, console.log)
  const folder = resolve(dataDir, 'kafka')
  const broker = await startBroker({ program, dataDir: folder, port: await freePort(9092) })
  console.log(`
KAFKA_BROKERS=${broker.brokers}

Apache Kafka is up; its data are in ${folder}. In another terminal:

KAFKA_BROKERS=${broker.brokers} npm start
KAFKA_BROKERS=${broker.brokers} npx pnpm@12 start:distributed
`)
  return { broken: broker.ended.then(() => `Kafka ended by itself; ${join(folder, 'broker.log')} may say why.`), stop: broker.stop }
})

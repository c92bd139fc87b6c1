import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { environment } from '@stellr/kit'
import type { TestProject } from 'vitest/node'
import { startBroker, type Broker } from '../../scripts/kafka/broker.ts'
import { kafkaProgram, whyNoKafka } from '../../scripts/kafka/program.ts'

/**
 * Gives a run of the tests an Apache Kafka of its own, started when the first test asks for it: most runs of a few files never
 * do. Where none can be started the tests that need it are left out, unless STELLR_KAFKA=required.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | void> {
  const env = environment()
  const reason = await whyNoKafka(env)
  project.provide('kafkaOnDemand', null)
  if (reason !== null) {
    if (env['STELLR_KAFKA'] === 'required') throw new Error(`The tests that need Kafka are required, but ${reason}.`)
    console.log(`The tests that need Kafka are left out: ${reason}. With Java 17 and Maven, or KAFKA_HOME, npm test runs them too.`)
    return
  }
  // Where PostgreSQL's folder of this run is, so that what a killed run leaves behind is swept up with it.
  const home = join(tmpdir(), `stellr-tests-${userInfo().uid}`)
  mkdirSync(home, { recursive: true, mode: 0o711 })
  const dataDir = mkdtempSync(join(home, 'run-kafka-'))
  let starting: Promise<Broker> | null = null
  const start = async () => startBroker({ program: await kafkaProgram(env, console.log), dataDir })
  const server = createServer((_request, response) => {
    starting ??= start()
    starting.then(
      ({ brokers }) => response.end(brokers),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  project.provide('kafkaOnDemand', `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`)
  return async () => {
    server.close()
    server.closeAllConnections()
    const broker = await starting?.catch(() => null)
    await broker?.stop('SIGKILL')
    rmSync(dataDir, { recursive: true, force: true })
  }
}

import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { beforeAll, describe } from 'vitest'
import { silent } from '../testing/fixture/counters.ts'
import { hasKafka, testKafkaBrokers } from '../testing/kafka.ts'
import { kafkaConfig } from './kafka-log-config.ts'
import { openKafkaLog, type KafkaLogOptions } from './kafka-log.ts'
import { eventLogContract } from './log.contract.ts'

type Log = Awaited<ReturnType<typeof open>>

async function open(options: Partial<KafkaLogOptions> = {}) {
  const settings =
    options.settings ?? kafkaConfig.parse({ brokers: await testKafkaBrokers(), prefix: `t${randomBytes(6).toString('hex')}.` })
  const sockets = new Set<Socket>()
  let dead = false
  const log = openKafkaLog({
    log: silent,
    sessionTimeoutMs: 1_500,
    batchTimeoutMs: 1_500,
    connect(host, port, onConnect) {
      const socket = connect(dead ? 1 : port, host, onConnect)
      sockets.add(socket)
      return socket
    },
    ...options,
    settings,
  })
  return {
    ...log,
    settings,
    /** From now on no byte comes or goes. */
    die() {
      dead = true
      for (const socket of sockets) socket.destroy(new Error('the process died'))
    },
  }
}

describe.skipIf(!hasKafka())('over Apache Kafka', () => {
  beforeAll(testKafkaBrokers, 60_000)

  eventLogContract<Log>(
    'the Kafka log',
    (beside) => open(beside && { settings: beside.settings }),
    async (log) => log.die(),
  )
})

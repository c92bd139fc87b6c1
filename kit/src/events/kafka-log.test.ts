import { beforeAll, describe } from 'vitest'
import { openTestedKafkaLog, type TestedKafkaLog } from '../testing/fixture/kafka.ts'
import { hasKafka, testKafkaBrokers } from '../testing/kafka.ts'
import { eventLogContract } from './log.contract.ts'

describe.skipIf(!hasKafka())('over Apache Kafka', () => {
  beforeAll(testKafkaBrokers, 60_000)
  eventLogContract<TestedKafkaLog>(
    'the Kafka log',
    (beside) => openTestedKafkaLog(beside && { settings: beside.settings }),
    async (log) => log.cut(),
  )
})

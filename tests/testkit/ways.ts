import { testKafkaBrokers } from '@stellr/kit/testing'
import { faultyLogKinds } from './faults/broker.ts'
import { openSchool, topologies, type School, type Topology } from './school.ts'

/** How the same platform can be run. */
export interface Way {
  name: string
  topology: Topology
  open(): Promise<School>
}

/** Both topologies, on the Postgres log. */
export const ways: readonly Way[] = topologies.map((topology) => ({ name: topology, topology, open: () => openSchool(topology) }))

/** For tests that have made sure that there is a Kafka. */
export const onKafka: Way = {
  name: 'distributed on Kafka',
  topology: 'distributed',
  open: async () => openSchool('distributed', { KAFKA_BROKERS: await testKafkaBrokers() }),
}

/** On Kafka too in the long form, and for whoever requires Kafka: one more school costs as much as the tests in it. */
export const everyWay: readonly Way[] = faultyLogKinds.includes('Kafka') ? [...ways, onKafka] : ways

import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Asked with any request, starts the Kafka of this run of the tests and answers where it is; null when there is none here. */
    kafkaOnDemand: string | null
  }
}

/** Whether tests that need Kafka can run here: `test.skipIf(!hasKafka())`. Why not is said once, when the run begins. */
export function hasKafka(): boolean {
  return inject('kafkaOnDemand') !== null
}

/** The broker that all tests of this run share, as KAFKA_BROKERS wants it; started for the first one who asks. */
export async function testKafkaBrokers(): Promise<string> {
  const url = inject('kafkaOnDemand')
  if (url === null) throw new Error('No Kafka can be started here: ask hasKafka() first')
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}

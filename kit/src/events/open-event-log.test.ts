import { expect, test } from 'vitest'
import { ConfigError, describeSettings, readConfig } from '../config.ts'
import { kafkaConfig, optionalKafkaConfig } from './kafka-log-config.ts'
import { eventLogSections, openEventLog } from './open-event-log.ts'
import { silent } from '../testing/fixture/counter-store.ts'

const read = (env: Record<string, string>) => readConfig({ kafka: kafkaConfig }, env).kafka

test('without any setting both ways to have an event log are named', async () => {
  const problem = /EVENTS_DATABASE_URL is not set: .*KAFKA_BROKERS/
  expect(() => readConfig(eventLogSections({}), {})).toThrow(problem)
  await expect(openEventLog({}, silent)).rejects.toThrow(problem)
})

test('KAFKA_BROKERS chooses Kafka, and no database is asked for', async () => {
  const env = { KAFKA_BROKERS: '127.0.0.1:1' }
  expect(Object.keys(eventLogSections(env))).toEqual(['kafka'])
  const log = await openEventLog(env, silent)
  await expect(log.append('counters', [])).resolves.toBeUndefined()
  await log.close()
})

test('several brokers are separated by commas', () => {
  expect(read({ KAFKA_BROKERS: 'one:9092, two.example:9093,[::1]:9094' }).brokers).toEqual(['one:9092', 'two.example:9093', '[::1]:9094'])
})

test.each(['one', 'one:', 'kafka://one:9092', ',', 'one:9092,,'])('KAFKA_BROKERS=%s is refused with an example', (brokers) => {
  expect(() => read({ KAFKA_BROKERS: brokers })).toThrow(/KAFKA_BROKERS is wrong .*127\.0\.0\.1:9092/)
})

test('whoever signs in needs a name and a password', () => {
  const env = { KAFKA_BROKERS: 'one:9092', KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'stellr' }
  expect(() => read(env)).toThrow(ConfigError)
  expect(() => read(env)).toThrow(/KAFKA_SASL_PASSWORD is not set/)
  expect(read({ ...env, KAFKA_SASL_PASSWORD: 'secret' })).toMatchObject({ saslMechanism: 'scram-sha-512', saslPassword: 'secret' })
})

test('the password is a secret, and nothing is required of who has no Kafka', () => {
  const settings = describeSettings({ kafka: optionalKafkaConfig })
  expect(settings.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(['KAFKA_SASL_PASSWORD'])
  expect(settings.filter(({ required }) => required)).toEqual([])
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { environment, fromRoot } from '@stellr/kit'
import { hasKafka } from '@stellr/kit/testing'
import { Kafka, logLevel } from 'kafkajs'
import { expect, onTestFinished, test } from 'vitest'
import { startBroker } from './broker.ts'
import { kafkaProgram, whyNoKafka } from './program.ts'

test('what is missing is said, and what to do', async () => {
  expect(await whyNoKafka({ JAVA_HOME: '/nowhere' })).toMatch('there is no Java 17')
  await expect(kafkaProgram({ JAVA_HOME: '/nowhere' })).rejects.toThrow(/Install Java 17 or newer, and either Maven or/)
})

test.skipIf(!hasKafka())(
  'a broker ends with whoever started it, even killed, and the next start has its topics; two at once are refused',
  { timeout: 60_000 },
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'stellr-kafka-'))
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
    const code = `
    const { startBroker } = await import(${JSON.stringify(fromRoot('scripts/kafka/broker.ts'))})
    const { kafkaProgram } = await import(${JSON.stringify(fromRoot('scripts/kafka/program.ts'))})
    const { brokers } = await startBroker({ program: await kafkaProgram(process.env), dataDir: ${JSON.stringify(dataDir)} })
    console.log(brokers)`
    const starter = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [brokers] = (await once(createInterface({ input: starter.stdout }), 'line')) as [string]
    await withAdmin(brokers, (admin) => admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 2 }] }))
    const program = await kafkaProgram(environment())
    await expect(startBroker({ program, dataDir })).rejects.toThrow(`Process ${starter.pid} runs Kafka on ${dataDir} already`)
    starter.kill('SIGKILL')
    await once(starter, 'exit')
    const broker = await startBroker({ program, dataDir })
    onTestFinished(() => broker.stop('SIGKILL'))
    expect(await withAdmin(broker.brokers, (admin) => admin.listTopics())).toContain('kept')
  },
)

async function withAdmin<T>(brokers: string, work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

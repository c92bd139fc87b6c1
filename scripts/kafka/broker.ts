import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort, fromRoot } from '@stellr/kit'
import { Kafka, logLevel } from 'kafkajs'
import { DataInUseError } from '../../kit/src/store/embedded-postgres.ts'
import { LockHeldError, takeProcessLock } from '../../kit/src/store/process-lock.ts'
import type { KafkaProgram } from './program.ts'

export interface BrokerOptions {
  program: KafkaProgram
  /** Holds the data and the broker's log; made when missing. One process at a time may have it. */
  dataDir: string
  /** Where it listens on 127.0.0.1; left out, on any free port. */
  port?: number
  /** Where it tells clients to find it, when something stands between them; left out, where it listens. */
  advertisedPort?: number
  /** Properties of the broker that go over its own. */
  properties?: Record<string, string>
}

/** One Apache Kafka, broker and controller in one, on this machine only. */
export interface Broker {
  /** For KAFKA_BROKERS. */
  brokers: string
  port: number
  pid: number
  /** Resolves when it has ended, for whatever reason. */
  ended: Promise<void>
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** Starts a broker, which ends when this process does, however that ends. Resolves when it answers. */
export async function startBroker({ program, dataDir, port, advertisedPort, properties = {} }: BrokerOptions): Promise<Broker> {
  mkdirSync(join(dataDir, 'data'), { recursive: true })
  const lock = takeLock(dataDir)
  try {
    await stopLeftover(dataDir)
    const listens = port ?? (await freePort())
    const found = advertisedPort ?? listens
    const settings = { ...propertiesOf(dataDir, listens, found, await freePort()), ...properties }
    const file = join(dataDir, 'server.properties')
    writeFileSync(
      file,
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
    format(program, dataDir, file)
    const broker = run(program, dataDir, file)
    const ended = broker.ended.then(() => lock.release())
    const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
      const late = setTimeout(() => broker.child.kill('SIGKILL'), 15_000)
      broker.child.kill(signal)
      await ended
      clearTimeout(late)
    }
    try {
      await Promise.race([untilItAnswers(`127.0.0.1:${listens}`), ended.then(() => Promise.reject(new Error(lastWords(dataDir))))])
    } catch (error) {
      await stop('SIGKILL')
      throw error
    }
    return { brokers: `127.0.0.1:${found}`, port: listens, pid: broker.pid, ended, stop }
  } catch (error) {
    lock.release()
    throw error
  }
}

// Topics come from those who declare them, and groups need not wait for members that may follow.
function propertiesOf(dataDir: string, port: number, advertised: number, controller: number): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `CLIENTS://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `CLIENTS://127.0.0.1:${advertised}`,
    'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'CLIENTS',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(dataDir, 'data'),
    'default.replication.factor': '1',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '500',
    'auto.create.topics.enable': 'false',
  }
}

const FLAGS = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xms128m', '-Xmx512m']

function command(program: KafkaProgram, main: string, args: string[]): { args: string[]; env: NodeJS.ProcessEnv } {
  const logging = `-Dlog4j2.configurationFile=${fromRoot('scripts/kafka/log4j2.properties')}`
  return { args: [...FLAGS, logging, main, ...args], env: { PATH: process.env['PATH'], CLASSPATH: program.classpath } }
}

function format(program: KafkaProgram, dataDir: string, file: string): void {
  if (existsSync(join(dataDir, 'data/meta.properties'))) return
  // Sixteen bytes in base64url; a first letter of - would be taken for an option.
  const id = `A${randomBytes(16).toString('base64url').slice(1)}`
  const { args, env } = command(program, 'kafka.tools.StorageTool', ['format', '--cluster-id', id, '--config', file])
  const { status, stdout, stderr } = spawnSync(program.java, args, { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`Kafka's folder could not be prepared: ${stdout}${stderr}`)
}

/** The shell becomes the program that follows; what it leaves behind reads from this process and hears when that is gone, even killed. */
export const UNTIL_PARENT_ENDS = 'exec 3<&0; (cat <&3 >/dev/null; kill -TERM $$ 2>/dev/null) & exec "$0" "$@" </dev/null 3<&-'

function run(program: KafkaProgram, dataDir: string, file: string) {
  const out = openSync(join(dataDir, 'broker.log'), 'w')
  const { args, env } = command(program, 'kafka.Kafka', [file])
  const child = spawn('sh', ['-c', UNTIL_PARENT_ENDS, program.java, ...args], { env, stdio: ['pipe', out, out], detached: true })
  closeSync(out)
  const pid = child.pid ?? 0
  writeFileSync(join(dataDir, 'broker.pid'), String(pid))
  const ended = once(child, 'exit').then(() => void child.stdin?.destroy())
  return { child, pid, ended }
}

async function untilItAnswers(address: string): Promise<void> {
  const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, retry: { retries: 0 } })
  const deadline = Date.now() + 60_000
  for (;;) {
    const admin = kafka.admin()
    try {
      await admin.connect()
      if ((await admin.describeCluster()).brokers.length > 0) return
    } catch (error) {
      if (Date.now() > deadline) throw error
    } finally {
      await admin.disconnect()
    }
    await wait(50)
  }
}

function takeLock(dataDir: string): { release(): void } {
  try {
    return takeProcessLock(join(dataDir, 'holder'))
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error
    throw new DataInUseError(`Process ${error.holder.pid} runs Kafka on ${dataDir} already: use that one, or stop it first.`)
  }
}

// One that outlived its parent is about to end by itself, but its data cannot be had before it has.
async function stopLeftover(dataDir: string): Promise<void> {
  const file = join(dataDir, 'broker.pid')
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  while (pid > 0 && commandOf(pid).includes(join(dataDir, 'server.properties'))) {
    process.kill(pid, 'SIGKILL')
    await wait(20)
  }
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-ww', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

function lastWords(dataDir: string): string {
  const lines = readFileSync(join(dataDir, 'broker.log'), 'utf8').trim().split('\n')
  return `Kafka ended before it answered. The end of ${join(dataDir, 'broker.log')}:\n${lines.slice(-15).join('\n')}`
}

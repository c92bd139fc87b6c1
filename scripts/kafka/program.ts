import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fromRoot, type Environment } from '@stellr/kit'

/** What runs a broker: a Java, and the jars of Kafka. */
export interface KafkaProgram {
  java: string
  classpath: string
}

/** Kafka cannot be run here. The message says what is missing and what to do. */
export class KafkaMissingError extends Error {
  override name = 'KafkaMissingError'
}

/** Why no broker can be run on this machine; null when one can, perhaps after its jars have been fetched. */
export async function whyNoKafka(env: Environment): Promise<string | null> {
  const java = await javaVersion(env)
  if (java === null) return `there is no Java ${LEAST_JAVA} (on the PATH, or in JAVA_HOME)`
  if (java < LEAST_JAVA) return `it needs Java ${LEAST_JAVA}, and this is Java ${java}`
  if (env['KAFKA_HOME'] || existsSync(cache(env)) || (await answers('mvn', ['--version'])) !== null) return null
  return 'there is neither KAFKA_HOME nor Maven (mvn) to fetch it with'
}

/**
 * The Kafka of KAFKA_HOME or, without one, that of pom.xml: fetched by Maven from wherever it is told to fetch from, once, and
 * kept outside of the repository. Throws KafkaMissingError.
 */
export async function kafkaProgram(env: Environment, say: (what: string) => void = () => {}): Promise<KafkaProgram> {
  const reason = await whyNoKafka(env)
  if (reason !== null) throw new KafkaMissingError(`No Kafka can be started: ${reason}. ${REMEDY}`)
  const home = env['KAFKA_HOME']
  const jars = home ? join(home, 'libs') : cache(env)
  if (home && !existsSync(jars)) throw new KafkaMissingError(`KAFKA_HOME is ${home}, which has no folder libs. ${REMEDY}`)
  if (!existsSync(jars)) await fetchJars(jars, say)
  return { java: javaCommand(env), classpath: join(jars, '*') }
}

const LEAST_JAVA = 17
const REMEDY = `Install Java ${LEAST_JAVA} or newer, and either Maven or an Apache Kafka 4 with KAFKA_HOME set to its folder.`
const POM = fromRoot('scripts/kafka/pom.xml')

// Two may fetch at once: each into a folder of its own, and the first to be done stays.
async function fetchJars(jars: string, say: (what: string) => void): Promise<void> {
  say('Fetching the jars of Apache Kafka (once, about 45 MB)')
  const parent = join(jars, '..')
  mkdirSync(parent, { recursive: true })
  const draft = mkdtempSync(join(parent, 'kafka-draft-'))
  try {
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${draft}`, '-DincludeScope=runtime']
    await promisify(execFile)('mvn', ['--quiet', '--batch-mode', '--file', POM, ...goal])
    if (!existsSync(jars)) renameSync(draft, jars)
  } catch (error) {
    if (existsSync(jars)) return
    const { stdout = '', message } = error as Error & { stdout?: string }
    throw new KafkaMissingError(`Maven could not fetch Apache Kafka: ${stdout.trim().split('\n')[0] || message}. ${REMEDY}`)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

function cache(env: Environment): string {
  const version = /<kafka\.version>(.+?)</.exec(readFileSync(POM, 'utf8'))?.[1]
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'stellr', `kafka-${version}`)
}

function javaCommand(env: Environment): string {
  return env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin/java') : 'java'
}

async function javaVersion(env: Environment): Promise<number | null> {
  const text = await answers(javaCommand(env), ['-version'])
  const version = text === null ? undefined : /version "(\d+)/.exec(text)?.[1]
  return version === undefined ? null : Number(version)
}

async function answers(command: string, args: string[]): Promise<string | null> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args)
    return stdout + stderr
  } catch {
    return null
  }
}

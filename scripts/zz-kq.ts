import { mkdtempSync } from 'node:fs'
import { createLogger, freePort, environment } from '@stellr/kit'
import { openKafkaLog } from '../kit/src/events/kafka-log.ts'
import { kafkaConfig } from '../kit/src/events/kafka-log-config.ts'
import { startBroker } from './kafka/broker.ts'
import { kafkaProgram } from './kafka/program.ts'
import { randomUUID } from 'node:crypto'
const program = await kafkaProgram(environment())
const dataDir = mkdtempSync('/tmp/kq/b-')
const port = await freePort()
let broker = await startBroker({ program, dataDir, port })
const t0 = Date.now()
const log = createLogger({ name: 'x', level: 'warn', destination: { write: (l: string) => { const j = JSON.parse(l); console.log(Date.now() - t0, j.level, j.kafkajs ?? '', j.msg, j.err?.message ?? j.error ?? '') } } })
const settings = kafkaConfig.parse({ brokers: broker.brokers, prefix: 'q.' })
const eventLog = openKafkaLog({ settings, log })
const topic = { name: 'counters', partitions: 6, retentionDays: 7 }
await eventLog.ensureTopics([topic as never])
const ev = (subject: string, version: number) => ({ specversion: '1.0', id: randomUUID(), type: 'counter.raised', source: '/x', subject, time: new Date().toISOString(), datacontenttype: 'application/json', dataversion: 1, aggregateversion: version, data: { at: performance.now() } }) as never
const lat: number[] = []
let handled = 0
await eventLog.subscribe('readers', [topic as never], async (records) => { for (const r of records) { lat.push(performance.now() - (r.event.data['at'] as number)); handled++ } })
const ids = Array.from({ length: 40 }, () => randomUUID())
const q = (p: number) => lat.toSorted((a, b) => a - b)[Math.floor(lat.length * p)]?.toFixed(1)
const cpu0 = process.cpuUsage()
for (let i = 0; i < 300; i++) { await eventLog.append('counters', [ev(ids[i % 40]!, i)]); await new Promise((r) => setTimeout(r, 20)) }
while (handled < 300) await new Promise((r) => setTimeout(r, 5))
console.log('single: p50', q(0.5), 'p99', q(0.99), 'max', q(0.9999), 'cpu', process.cpuUsage(cpu0).user / 1000)
lat.length = 0; handled = 0
const s = Date.now()
for (let i = 0; i < 100; i++) await eventLog.append('counters', Array.from({ length: 200 }, (_, k) => ev(ids[k % 40]!, i)))
console.log('appended 20000 in', Date.now() - s)
while (handled < 20000) await new Promise((r) => setTimeout(r, 5))
console.log('handled 20000 in', Date.now() - s, 'p50', q(0.5))
const idle = process.cpuUsage(); await new Promise((r) => setTimeout(r, 5000)); const d = process.cpuUsage(idle); console.log('idle cpu ms per s', (d.user + d.system) / 5000, 'rss', process.memoryUsage().rss >> 20)
// broker away
for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  handled = 0
  console.log(Date.now() - t0, '--- stop', signal)
  await broker.stop(signal)
  const end = Date.now() + 15_000
  let n = 0, worst = 0
  while (Date.now() < end) { const a = Date.now(); await eventLog.append('counters', [ev(ids[0]!, 1)]).then(() => console.log('??'), () => {}); worst = Math.max(worst, Date.now() - a); n++; await new Promise((r) => setTimeout(r, 500)) }
  console.log('rejected', n, 'worst ms', worst, 'rss', process.memoryUsage().rss >> 20)
  broker = await startBroker({ program, dataDir, port })
  const up = Date.now()
  console.log(Date.now() - t0, '--- up')
  for (;;) { try { await eventLog.append('counters', [ev(ids[0]!, 1)]); break } catch { await new Promise((r) => setTimeout(r, 100)) } }
  console.log('append works after', Date.now() - up)
  while (handled < 1) await new Promise((r) => setTimeout(r, 5))
  console.log('handled after', Date.now() - up, 'lag', await eventLog.lag('readers'))
}
// frozen
console.log(Date.now() - t0, '--- SIGSTOP')
process.kill(broker.pid, 'SIGSTOP'); handled = 0
for (let i = 0; i < 3; i++) { const a = Date.now(); await eventLog.append('counters', [ev(ids[0]!, 1)]).then(() => console.log('??'), (e) => console.log('rejected after', Date.now() - a, e.message)) }
process.kill(broker.pid, 'SIGCONT'); const up = Date.now()
for (;;) { try { await eventLog.append('counters', [ev(ids[0]!, 1)]); break } catch { await new Promise((r) => setTimeout(r, 100)) } }
console.log('append works after', Date.now() - up)
while (handled < 1) await new Promise((r) => setTimeout(r, 5))
console.log('handled after', Date.now() - up, handled)
const c = Date.now(); await eventLog.close(); console.log('closed in', Date.now() - c)
await broker.stop()
console.log('left', process.getActiveResourcesInfo())

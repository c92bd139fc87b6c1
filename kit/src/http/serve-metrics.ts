import { fastify } from 'fastify'
import { z } from 'zod'
import { metrics, readMetrics } from '../metrics.ts'

/** Where a process tells its metrics. */
export const metricsConfig = z.object({
  metricsPort: z.coerce.number().int().min(0).max(65535).optional().meta({
    description:
      'Port of /metrics, which answers on no other. On one machine it is 9464, or another where that is taken, for the router, and those after it for the subgraphs; a process that is started alone needs to be told',
    example: '9464',
  }),
  metricsHost: z
    .string()
    .default('127.0.0.1')
    .meta({ description: 'Address of /metrics. Whoever reaches it reads it: 0.0.0.0 only where nobody but Prometheus does' }),
})

export interface MetricsServer {
  /** Null when no port was set. */
  url: string | null
  close(): Promise<void>
}

/**
 * Serves /metrics on a listener of its own, and nothing when no port is set. On the endpoint's port the public could read
 * them, and a proxy's requests cannot be told from those of this machine.
 */
export async function serveMetrics({ metricsPort: port, metricsHost: host }: z.output<typeof metricsConfig>): Promise<MetricsServer> {
  if (port === undefined) return { url: null, close: async () => {} }
  const app = fastify({ forceCloseConnections: 'idle' })
  const text = atMostOnceASecond(readMetrics)
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await text()))
  const address = await app.listen({ host, port })
  return { url: `${address}/metrics`, close: () => app.close() }
}

/** Shares a reading, which asks the databases, among all who come while it is under way or within a second of its beginning. */
export function atMostOnceASecond(read: () => Promise<string>): () => Promise<string> {
  let reading: { text: Promise<string>; done: boolean; beganAt: number } | null = null
  return () => {
    if (reading && !(reading.done && performance.now() - reading.beganAt >= 1_000)) return reading.text
    const begun = { text: read(), done: false, beganAt: performance.now() }
    reading = begun
    const finish = () => {
      begun.done = true
    }
    begun.text.then(finish, finish)
    return begun.text
  }
}

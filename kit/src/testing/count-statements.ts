import { subscribe, unsubscribe } from 'node:diagnostics_channel'

export interface SentStatement {
  /** The domain whose database it went to. */
  database: string
  text: string
  /** Of the request or event that it was sent for; what the platform does by itself has none. */
  correlationId?: string
}

/** Runs `work` and collects every SQL statement that this process sends meanwhile, whoever caused it. */
export async function countStatements<T>(work: () => Promise<T>): Promise<{ result: T; statements: SentStatement[] }> {
  const statements: SentStatement[] = []
  const listen = (message: unknown) => void statements.push({ ...(message as SentStatement) })
  subscribe('stellr:sql', listen)
  try {
    return { result: await work(), statements }
  } finally {
    unsubscribe('stellr:sql', listen)
  }
}

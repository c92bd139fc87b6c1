import type { SandboxTools } from './tools.ts'
import type { ProviderNotice, ProviderPayment } from '../provider.ts'
import { readFile } from './books.ts'
import { noticeOf } from './webhooks.ts'

const PAGE = 100

/** Every payment that was begun between two moments, first to last. */
export async function* paymentsBetween(store: SandboxTools['store'], from: Date, to: Date): AsyncGenerator<ProviderPayment> {
  yield* paged(
    (after) => store().sandboxFiles(from, to, after, PAGE),
    ({ payment }) => payment,
    readFile,
  )
}

/** Everything that was told since a moment, or was to be, first to last. */
export async function* noticesSince(store: SandboxTools['store'], since: Date): AsyncGenerator<ProviderNotice> {
  yield* paged(
    (after) => store().sandboxEvents(since, after, PAGE),
    (event) => event,
    noticeOf,
  )
}

interface Place {
  createdAt: Date
  id: string
}

async function* paged<Row, Item>(
  read: (after: Place | null) => Promise<readonly Row[]>,
  placeOf: (row: Row) => Place,
  itemOf: (row: Row) => Item,
): AsyncGenerator<Item> {
  let after: Place | null = null
  for (;;) {
    const rows: readonly Row[] = await read(after)
    for (const row of rows) yield itemOf(row)
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return
    after = placeOf(last)
  }
}

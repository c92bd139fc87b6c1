import { parentPort } from 'node:worker_threads'
import { renderReceipt } from './document.ts'
import type { ReceiptFacts } from './facts.ts'

/** What the thread answers: one for each receipt that it is given. */
export type Drawn = { pdf: Uint8Array<ArrayBuffer> } | { failure: string }

parentPort?.on('message', (facts: ReceiptFacts) => void draw(facts))

async function draw(facts: ReceiptFacts): Promise<void> {
  try {
    const pdf = Uint8Array.from(await renderReceipt(facts))
    answer({ pdf }, [pdf.buffer])
  } catch (error) {
    answer({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

function answer(drawn: Drawn, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(drawn, transfer)
}

import { createLogger, openDatabase, systemRandom, type Database } from '@stellr/kit'
import { withMigrations } from '@stellr/kit/testing'
import { extractText, getDocumentProxy } from 'unpdf'
import type { PaymentRow } from '../models.ts'
import { store, type Store } from '../store.ts'

export const paidAt = new Date('2026-09-05T10:02:10.000Z')

/** payments' own database, without the service. */
export async function openBooks(poolSize = 5): Promise<{ database: Database<Store>; databaseUrl: string }> {
  const databaseUrl = await withMigrations('payments')
  const log = createLogger({ name: 'payments', level: 'silent' })
  return { databaseUrl, database: await openDatabase({ name: 'payments', url: databaseUrl, store, poolSize, log }) }
}

/** Adds a payment that was made. */
export async function addPaid({ database }: { database: Database<Store> }, facts: Partial<PaymentRow> = {}): Promise<PaymentRow> {
  const payment = {
    id: systemRandom.id(),
    enrollmentId: systemRandom.id(),
    userId: systemRandom.id(),
    courseId: systemRandom.id(),
    amount: 4900n,
    currency: 'EUR',
    method: 'CARD',
    provider: 'sandbox',
    expiresAt: paidAt,
    refundDays: 14,
    refundBelow: 2000,
    nextCheckAt: null,
    createdAt: paidAt,
    ...facts,
  } as const
  return database.store().transaction(async (tx) => {
    await tx.insertPayment(payment)
    return tx.changePayment(payment.id, { status: 'COMPLETED', paidAt, ...facts }, paidAt)
  })
}

/** What somebody who opens a PDF can read. */
export async function textOf(pdf: Uint8Array): Promise<string> {
  const { text } = await extractText(await getDocumentProxy(Uint8Array.from(pdf)), { mergePages: true })
  return text.normalize('NFC')
}

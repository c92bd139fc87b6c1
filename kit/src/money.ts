import { z } from 'zod'

/** An amount in the currency's minor units (ISO 4217): 1999 EUR is 19.99 euros, 1999 JPY is 1999 yen. */
export interface Money {
  amount: number
  currency: string
}

const currencies = new Set(Intl.supportedValuesOf('currency'))

/** Whether this is a currency's ISO 4217 code, in capitals. */
export function isCurrency(code: string): boolean {
  return currencies.has(code)
}

const withoutMinorUnit = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '))
const withThousandths = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '))

/**
 * How many decimals the currency's minor unit stands for, by ISO 4217. Intl goes by custom instead: to it, a forint has none.
 */
export function minorDigits(currency: string): number {
  if (withoutMinorUnit.has(currency)) return 0
  if (currency === 'CLF' || currency === 'UYW') return 4
  return withThousandths.has(currency) ? 3 : 2
}

/** Accepts amounts from 0 up to 2^53 - 1 in an ISO 4217 currency. */
export const money = z.object({
  amount: z.int().min(0),
  currency: z.string().refine(isCurrency, 'is not an ISO 4217 currency'),
})

/** Adds amounts of one currency. Throws RangeError on two currencies, or when the sum leaves 2^53. */
export function add(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`cannot add ${a.currency} and ${b.currency}`)
  const amount = a.amount + b.amount
  if (!Number.isSafeInteger(amount)) throw new RangeError('amount leaves the safe integers')
  return { amount, currency: a.currency }
}

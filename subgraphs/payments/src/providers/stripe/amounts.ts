import { minorDigits, type Money } from '@stellr/kit'
import { ProviderRefused } from '../provider.ts'

// Where Stripe does not count in hundredths: https://docs.stripe.com/currencies. It counts the ariary in whole ones, whose
// minor unit by ISO 4217 is the hundredth.
const withoutDecimals = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '))
const withThousandths = new Set('BHD JOD KWD OMR TND'.split(' '))
// Without a minor unit by ISO 4217, but hundredths to Stripe, which takes whole hundreds of them only. The forint and the Taiwan
// dollar are no such case: whole ones are asked of payouts alone.
const wholeHundreds = new Set(['ISK', 'UGX'])

/** What Stripe calls an amount of ours. Throws ProviderRefused for one that it has no number for. */
export function toStripe({ amount, currency }: Money): { amount: number; currency: string } {
  const unit = unitOf(currency)
  if (!unit) throw new ProviderRefused('currency_not_supported', `Stripe takes no ${currency}`)
  const { digits, multiple } = unit
  const theirs = shift(amount, digits - minorDigits(currency))
  if (!Number.isSafeInteger(theirs) || theirs % multiple !== 0) {
    throw new ProviderRefused('amount_not_representable', `Stripe cannot take ${amount} minor units of ${currency}`)
  }
  return { amount: theirs, currency: currency.toLowerCase() }
}

/** What we call an amount of Stripe's. Throws RangeError for one that has no number here. */
export function fromStripe(amount: number, theirs: string): Money {
  const currency = theirs.toUpperCase()
  const unit = unitOf(currency)
  const ours = unit ? shift(amount, minorDigits(currency) - unit.digits) : Number.NaN
  if (!Number.isSafeInteger(ours)) throw new RangeError(`${amount} ${theirs} of Stripe is no whole number of minor units`)
  return { amount: ours, currency }
}

/** In which unit Stripe counts, in decimals of the currency, and the multiple of it that an amount must be; null when nobody has said. */
function unitOf(currency: string): { digits: number; multiple: number } | null {
  if (withoutDecimals.has(currency)) return { digits: 0, multiple: 1 }
  if (withThousandths.has(currency)) return { digits: 3, multiple: 10 }
  if (wholeHundreds.has(currency)) return { digits: 2, multiple: 100 }
  return minorDigits(currency) === 2 ? { digits: 2, multiple: 1 } : null
}

function shift(amount: number, digits: number): number {
  return digits < 0 ? amount / 10 ** -digits : amount * 10 ** digits
}

import { minorDigits } from '@stellr/kit'
import { expect, test } from 'vitest'
import { ProviderRefused } from '../provider.ts'
import { fromStripe, toStripe } from './amounts.ts'

test.each([
  // Hundredths, here and there.
  ['EUR', 1999, 1999],
  ['USD', 1, 1],
  // Whole ones are asked of payouts alone.
  ['HUF', 199_999, 199_999],
  ['TWD', 80_050, 80_050],
  // No decimals, here and there.
  ...'BIF CLP DJF GNF JPY KMF KRW PYG RWF VND VUV XAF XOF XPF'.split(' ').map((currency) => [currency, 1200, 1200] as const),
  // Thousandths, here and there: tens of them.
  ...'BHD JOD KWD OMR TND'.split(' ').map((currency) => [currency, 5120, 5120] as const),
  // None here, hundredths there.
  ['ISK', 5, 500],
  ['UGX', 50_000, 5_000_000],
  // Hundredths here, none there.
  ['MGA', 500_000, 5000],
  ['EUR', 0, 0],
] as const)('%s: %i of ours are %i of Stripe’s, and back', (currency, ours, theirs) => {
  expect(toStripe({ amount: ours, currency })).toEqual({ amount: theirs, currency: currency.toLowerCase() })
  expect(fromStripe(theirs, currency.toLowerCase())).toEqual({ amount: ours, currency })
})

test.each([
  ['KWD', 5124],
  ['BHD', 1],
  ['MGA', 150],
  ['ISK', Number.MAX_SAFE_INTEGER],
] as const)('%s: Stripe has no number for %i, so it is refused', (currency, amount) => {
  expect(() => toStripe({ amount, currency })).toThrow(ProviderRefused)
})

test.each(['IQD', 'LYD', 'CLF', 'UYW', 'UYI'])('%s: nobody knows how Stripe would count it, so it is refused', (currency) => {
  expect(minorDigits(currency)).not.toBe(2)
  expect(() => toStripe({ amount: 12_000, currency })).toThrow(expect.objectContaining({ code: 'currency_not_supported' }))
  expect(() => fromStripe(12_000, currency.toLowerCase())).toThrow(RangeError)
})

test('a part of a króna is nothing that we could write down', () => {
  expect(() => fromStripe(150, 'isk')).toThrow(RangeError)
})

test('every currency of the world is counted or refused, and what is counted comes back as it was', () => {
  const outcomes = Intl.supportedValuesOf('currency').map((currency) => {
    try {
      const { amount } = toStripe({ amount: 120_000, currency })
      return fromStripe(amount, currency.toLowerCase()).amount === 120_000 ? 'counted' : 'changed'
    } catch (error) {
      return error instanceof ProviderRefused ? 'refused' : 'broken'
    }
  })
  expect(new Set(outcomes)).toEqual(new Set(['counted', 'refused']))
})

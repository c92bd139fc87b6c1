import { isCurrency } from '@stellr/kit'
import { expect, test } from 'vitest'
import { writtenMoney } from './written-money.ts'

test.each([
  [4900n, 'EUR', 'EUR 49.00'],
  [5n, 'EUR', 'EUR 0.05'],
  [0n, 'USD', 'USD 0.00'],
  [123456789n, 'USD', 'USD 1,234,567.89'],
  [5800n, 'JPY', 'JPY 5,800'],
  [7n, 'KRW', 'KRW 7'],
  [12500n, 'KWD', 'KWD 12.500'],
  [1n, 'BHD', 'BHD 0.001'],
  // By custom they have no decimals any more; their minor units are hundredths, and the dinar's thousandths, all the same.
  [199900n, 'HUF', 'HUF 1,999.00'],
  [1500n, 'IQD', 'IQD 1.500'],
  [9007199254740993n, 'EUR', 'EUR 90,071,992,547,409.93'],
])('%s minor units of %s are written %s', (amount, currency, written) => {
  expect(writtenMoney(amount, currency)).toBe(written)
})

test('every currency that a price can have can be written', () => {
  const currencies = Intl.supportedValuesOf('currency').filter(isCurrency)
  expect(currencies.filter((currency) => !writtenMoney(100_000n, currency).startsWith(`${currency} 1`))).toEqual([])
})

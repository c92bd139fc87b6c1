import { minorDigits } from '@stellr/kit'

/** An amount as people write it, exact however large: `EUR 1,999.00`, `JPY 1,999`, `KWD 1.999`. */
export function writtenMoney(amount: bigint, currency: string): string {
  const digits = minorDigits(currency)
  const minor = `${amount}`.padStart(digits + 1, '0')
  const decimal = digits === 0 ? minor : `${minor.slice(0, -digits)}.${minor.slice(-digits)}`
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return format.format(decimal as Intl.StringNumericLiteral).replaceAll('\u00a0', ' ')
}

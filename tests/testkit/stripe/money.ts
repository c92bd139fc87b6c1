import { invalid } from './refusal.ts'

// By Stripe's list of currencies, written down apart from the provider's own table.
const whole = ['bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd', 'vuv', 'xaf', 'xof', 'xpf']
const thousandths = ['bhd', 'jod', 'kwd', 'omr', 'tnd']
const known = ['aed', 'chf', 'czk', 'eur', 'gbp', 'huf', 'inr', 'isk', 'pln', 'sek', 'try', 'twd', 'ugx', 'usd', ...whole, ...thousandths]

/** Refuses the amounts and currencies that Stripe refuses. */
export function checkPrice(amount: number, currency: string): void {
  if (!known.includes(currency)) throw invalid(`Invalid currency: ${currency}.`, undefined, 'currency')
  if (amount > 99_999_999) throw invalid('Amount must be no more than 999,999.99', 'amount_too_large', 'amount')
  if (amount < (whole.includes(currency) ? 1 : 50))
    throw invalid('Amount is below the least that can be charged', 'amount_too_small', 'amount')
  if (thousandths.includes(currency) && amount % 10 !== 0) {
    throw invalid(`Invalid amount. The last digit of an amount in ${currency} must be 0`, 'invalid_charge_amount', 'amount')
  }
  if (['isk', 'ugx'].includes(currency) && amount % 100 !== 0) {
    throw invalid('Amounts must be evenly divisible by 100', 'invalid_charge_amount_no_decimal_compatible', 'amount')
  }
}

/** What becomes of a payment with it; `bank_debit` is at work for days. */
export type Card = 'success' | 'decline' | 'insufficient_funds' | 'three_d_secure' | 'bank_debit'

const methods: Record<Card, string> = {
  success: 'pm_card_visa',
  decline: 'pm_card_visa_chargeDeclined',
  insufficient_funds: 'pm_card_visa_chargeDeclinedInsufficientFunds',
  three_d_secure: 'pm_card_authenticationRequired',
  bank_debit: 'pm_sepaDebit',
}

/** Somebody who pays: knows the publishable key and what the platform has shown them, nothing else. */
export interface Payer {
  /** Pays with the secret of a payment by card, or at the address of a checkout. Says the status that they are shown. */
  pay(payment: { clientSecret: string | null; checkoutUrl: string | null }, card: Card): Promise<number>
  /** Comes back from their bank's page. */
  authenticate(payment: { clientSecret: string | null; checkoutUrl: string | null }, isOwner: boolean): Promise<number>
}

export function createPayer(url: string, publishableKey: string): Payer {
  const post = async (address: string, fields: Record<string, string>): Promise<number> => {
    const headers = { authorization: `Bearer ${publishableKey}` }
    const answer = await fetch(address, { method: 'POST', headers, body: new URLSearchParams(fields) })
    await answer.arrayBuffer()
    return answer.status
  }
  return {
    pay({ clientSecret, checkoutUrl }, card) {
      if (checkoutUrl !== null) return post(checkoutUrl, { payment_method: methods[card] })
      const fields = { payment_method: methods[card], client_secret: clientSecret ?? '' }
      return post(`${url}/v1/payment_intents/${idOf(clientSecret)}/confirm`, fields)
    },
    authenticate({ clientSecret, checkoutUrl }, isOwner) {
      if (checkoutUrl !== null) return post(checkoutUrl, { payment_method: isOwner ? 'authenticated' : 'not_authenticated' })
      return post(`${url}/bank/${idOf(clientSecret)}`, { owner: String(isOwner) })
    },
  }
}

function idOf(clientSecret: string | null): string {
  return (clientSecret ?? '').split('_secret_')[0] ?? ''
}

import { DomainError } from '@stellr/kit'
import { ProviderRefused, ProviderUnavailable } from '../providers/provider.ts'

/** Asks a provider for somebody who waits: what it cannot or will not do is told to them. */
export async function askProvider<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof ProviderUnavailable) throw new DomainError('PROVIDER_UNAVAILABLE')
    if (error instanceof ProviderRefused) throw new DomainError('PAYMENT_REFUSED', { code: error.code })
    throw error
  }
}

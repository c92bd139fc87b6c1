import { providerCalls } from '../metrics.ts'
import { ProviderRefused, ProviderUnavailable, type Provider } from './provider.ts'

/** The same provider; what comes of asking it is counted. */
export function counted(provider: Provider): Provider {
  const counting =
    <Question, Answer>(call: string, ask: (question: Question) => Promise<Answer>) =>
    async (question: Question): Promise<Answer> => {
      const count = (outcome: string) => providerCalls.inc({ provider: provider.name, call, outcome })
      try {
        const answer = await ask(question)
        count('answered')
        return answer
      } catch (error) {
        count(error instanceof ProviderRefused ? 'refused' : error instanceof ProviderUnavailable ? 'unavailable' : 'failed')
        throw error
      }
    }
  return {
    ...provider,
    create: counting('create', (order) => provider.create(order)),
    find: counting('find', (transactionId) => provider.find(transactionId)),
    cancel: counting('cancel', (transactionId) => provider.cancel(transactionId)),
    refund: counting('refund', (order) => provider.refund(order)),
    subjectOf: counting('subject', (notice) => provider.subjectOf(notice)),
  }
}

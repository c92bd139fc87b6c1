import { mutation } from '@stellr/kit'
import type { Resolvers } from './generated/graphql.ts'
import { isId } from './inputs.ts'
import { receiptNumber, receiptUrl } from './receipts/address.ts'
import { refundableUntil } from './refund-rule.ts'
import { findPayment, paymentOfEnrollment, visiblePayment, wayToPay } from './use-cases/find-payment.ts'
import * as initiatePayment from './use-cases/initiate-payment.ts'
import { paymentsOfUser } from './use-cases/list-payments.ts'
import * as refundPayment from './use-cases/refund-payment.ts'
import { paymentsCursor, watchPayments } from './use-cases/watch-payments.ts'
import { moneyOf, priceOf } from './whole-state.ts'

export const resolvers: Resolvers = {
  Query: {
    payment: (_, args, context) => findPayment(context, args),
    paymentUpdatedCursor: (_, __, context) => paymentsCursor(context),
  },
  Mutation: {
    initiatePayment: mutation(initiatePayment.input, initiatePayment.initiatePayment),
    refundPayment: mutation(refundPayment.input, refundPayment.refundPayment),
  },
  Subscription: {
    paymentUpdated: { subscribe: (_, { after }, context) => watchPayments(context, after) },
  },
  PaymentUpdate: {
    payment: ({ data }) => data.payment,
  },
  Payment: {
    __resolveReference: async ({ id }, context) => visiblePayment(context, id),
    enrollment: ({ enrollmentId }) => ({ id: enrollmentId }),
    user: ({ userId }) => ({ id: userId }),
    course: ({ courseId }) => ({ id: courseId }),
    amount: (payment) => priceOf(payment),
    refunded: ({ refundedAmount, currency }) => moneyOf(refundedAmount, currency),
    clientSecret: async (payment, _, context) => (await wayToPay(context, payment)).clientSecret,
    checkoutUrl: async (payment, _, context) => (await wayToPay(context, payment)).checkoutUrl,
    failure: ({ failureCode, failureMessage }) =>
      failureCode === null ? null : { code: failureCode, message: failureMessage ?? 'The payment failed.' },
    refundableUntil: (payment) => refundableUntil(payment),
    refunds: async ({ id, currency }, _, { store }) => (await store.refunds(id)).map((refund) => ({ ...refund, currency })),
    receipt: ({ id }, _, { store }) => store.receipt(id),
    events: async ({ id, currency }, _, { store }) => (await store.events(id)).map((event) => ({ ...event, currency })),
  },
  PaymentEvent: {
    actor: ({ actorId }) => (actorId === null ? null : { id: actorId }),
    amount: ({ amount, currency }) => (amount === null ? null : moneyOf(amount, currency)),
  },
  Refund: {
    amount: ({ amount, currency }) => moneyOf(amount, currency),
    requestedBy: ({ requestedBy }) => (requestedBy === null ? null : { id: requestedBy }),
  },
  Receipt: {
    number: ({ number }) => receiptNumber(number),
    pdfUrl: (receipt, _, { caller, clock, services }) => receiptUrl(receipt, { caller, clock, key: services.receiptKey }),
  },
  // That somebody or some enrollment is named here proves nothing about them: each field asks what the viewer may see.
  Enrollment: {
    __resolveReference: async ({ id }) => (isId(id) ? { id } : null),
    payment: ({ id }, _, context) => paymentOfEnrollment(context, id),
  },
  User: {
    __resolveReference: async ({ id }) => (isId(id) ? { id } : null),
    payments: ({ id }, args, context) => paymentsOfUser(context, id, args),
  },
}

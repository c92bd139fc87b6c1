import { checkPrice } from './money.ts'
import { invalid, Refusal } from './refusal.ts'
import { count, text, type Thing, type World } from './world.ts'

export interface IntentOrder {
  amount: number
  currency: string
  description?: string | undefined
  metadata?: Record<string, string> | undefined
  types?: string[]
}

export function createIntent(world: World, { amount, currency, description, metadata, types = ['card'] }: IntentOrder): Thing {
  checkPrice(amount, currency)
  const intent = world.add('pi', 'payment_intent', {
    amount,
    amount_received: 0,
    currency,
    description: description ?? null,
    metadata: metadata ?? {},
    payment_method_types: types,
    client_secret: '',
    status: 'requires_payment_method',
    last_payment_error: null,
    latest_charge: null,
    next_action: null,
    canceled_at: null,
    cancellation_reason: null,
  })
  intent.client_secret = `${intent.id}_secret_${intent.id.slice(-8)}`
  world.tell('payment_intent.created', intent)
  return intent
}

const declines: Record<string, string> = {
  pm_card_visa_chargeDeclined: 'generic_decline',
  pm_card_visa_chargeDeclinedInsufficientFunds: 'insufficient_funds',
}

/** The payer has given a way to pay. Throws what their own page shows them. */
export function confirm(world: World, intent: Thing, method: string): void {
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(text(intent['status']))) {
    throw unexpected(intent, 'confirm')
  }
  const decline = declines[method]
  if (decline !== undefined) return declineIt(world, intent, decline)
  if (method === 'pm_card_authenticationRequired') {
    Object.assign(intent, { status: 'requires_action', last_payment_error: null, next_action: { type: 'use_stripe_sdk' } })
    return world.tell('payment_intent.requires_action', intent)
  }
  if (method === 'pm_sepaDebit') {
    charge(world, intent, { status: 'pending', paid: false })
    Object.assign(intent, { status: 'processing', last_payment_error: null })
    return world.tell('payment_intent.processing', intent)
  }
  if (method !== 'pm_card_visa') throw invalid(`No such PaymentMethod: '${method}'`, 'resource_missing', 'payment_method')
  succeed(world, intent)
}

/** The payer has come back from their bank's page. */
export function authenticate(world: World, intent: Thing, isOwner: boolean): void {
  if (intent['status'] !== 'requires_action') throw unexpected(intent, 'authenticate')
  if (isOwner) return succeed(world, intent)
  const error = {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message: 'The payer was not authenticated.',
  }
  Object.assign(intent, { status: 'requires_payment_method', next_action: null, last_payment_error: error })
  world.tell('payment_intent.payment_failed', intent)
}

/** A bank that was at work has decided. */
export function settleIntent(world: World, intent: Thing, isGood: boolean): void {
  if (isGood) return succeed(world, intent)
  const error = { type: 'card_error', code: 'payment_method_provider_decline', message: 'The bank has declined the debit.' }
  Object.assign(intent, { status: 'requires_payment_method', last_payment_error: error })
  world.tell('payment_intent.payment_failed', intent)
}

export function cancelIntent(world: World, intent: Thing, reason: string | null): void {
  const status = text(intent['status'])
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action', 'requires_capture'].includes(status)) {
    throw unexpected(intent, 'cancel')
  }
  Object.assign(intent, { status: 'canceled', canceled_at: world.now(), cancellation_reason: reason, next_action: null })
  world.tell('payment_intent.canceled', intent)
}

function succeed(world: World, intent: Thing): void {
  charge(world, intent, { status: 'succeeded', paid: true })
  Object.assign(intent, { status: 'succeeded', amount_received: intent['amount'], last_payment_error: null, next_action: null })
  world.tell('payment_intent.succeeded', intent)
}

function declineIt(world: World, intent: Thing, decline_code: string): never {
  const error = { type: 'card_error', code: 'card_declined', decline_code, message: 'Your card was declined.' }
  charge(world, intent, { status: 'failed', paid: false })
  Object.assign(intent, { status: 'requires_payment_method', last_payment_error: error, next_action: null })
  world.tell('payment_intent.payment_failed', intent)
  throw new Refusal(402, { ...error, payment_intent: structuredClone(intent) })
}

function charge(world: World, intent: Thing, outcome: { status: string; paid: boolean }): void {
  const made = world.add('ch', 'charge', {
    amount: count(intent['amount']),
    amount_refunded: 0,
    currency: intent['currency'],
    payment_intent: intent.id,
    metadata: intent['metadata'],
    disputed: false,
    refunded: false,
    ...outcome,
  })
  intent['latest_charge'] = made.id
  if (outcome.status !== 'pending') world.tell(`charge.${outcome.status}`, made)
}

function unexpected(intent: Thing, what: string): Refusal {
  const message = `You cannot ${what} this PaymentIntent because it has a status of ${text(intent['status'])}.`
  return invalid(message, 'payment_intent_unexpected_state')
}

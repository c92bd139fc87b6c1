import { html, type Html } from '@stellr/kit'
import type { SandboxFile } from '../../store/sandbox.ts'
import { writtenMoney } from '../../written-money.ts'
import { isPossible, type Act } from './bank.ts'
import { cards } from './cards.ts'

/** Pays with a test card; null when the payment cannot be paid. */
export function payForm(file: SandboxFile): Html | null {
  if (!isPossible('pay', file)) return null
  const { amount, currency, state } = file.payment
  return html`<section>
    <form method="post">
      <input type="hidden" name="act" value="pay" />
      <fieldset>
        <legend><h2>${state === 'failed' ? 'Try again with a test card' : 'Pay with a test card'}</h2></legend>
        ${Object.entries(cards).map(
          ([name, { number, title }], index) =>
            html`<label class="card">
              ${index === 0 ? html`<input type="radio" name="card" value="${name}" checked />` : html`<input type="radio" name="card" value="${name}" />`}
              <span>${title}</span>
              <span class="number">${number}</span>
            </label>`,
        )}
      </fieldset>
      <div class="buttons"><button class="main">Pay ${writtenMoney(amount, currency)}</button></div>
    </form>
  </section>`
}

interface Choice {
  act: Act['act']
  title: string
  text: string
  /** What the buttons send, besides the act. */
  field: string
  /** The first is what makes people glad. */
  buttons: readonly (readonly [value: string, says: string])[]
}

const choices: readonly Choice[] = [
  {
    act: 'authenticate',
    title: '3-D Secure',
    text: 'The bank asks whether it is really you who pays.',
    field: 'passed',
    buttons: [
      ['true', 'It is me'],
      ['false', 'It is not me'],
    ],
  },
  {
    act: 'decide',
    title: 'Play the bank',
    text: 'Nobody has to wait: decide now.',
    field: 'paid',
    buttons: [
      ['true', 'Pay'],
      ['false', 'Decline'],
    ],
  },
  {
    act: 'dispute',
    title: 'Play the payer’s bank',
    text: 'A payer who denies having bought this has their bank ask for the money back.',
    field: 'act',
    buttons: [['dispute', 'Dispute the payment']],
  },
  {
    act: 'close_dispute',
    title: 'Play the payer’s bank',
    text: 'Who is right? If the school wins, it keeps the money.',
    field: 'won',
    buttons: [
      ['true', 'The school wins'],
      ['false', 'The school loses'],
    ],
  },
]

/** What can be done besides paying: at any time it is one thing, or nothing. */
export function actForm(file: SandboxFile): Html | null {
  const choice = choices.find(({ act }) => isPossible(act, file))
  if (!choice) return null
  const { act, buttons, field, text, title } = choice
  return html`<section>
    <h2>${title}</h2>
    <p>${text}</p>
    <form method="post">
      ${field === 'act' ? null : html`<input type="hidden" name="act" value="${act}" />`}
      <div class="buttons">
        ${buttons.map(
          ([value, says], index) =>
            html`<button class="${index === 0 && field !== 'act' ? 'main' : 'other'}" name="${field}" value="${value}">${says}</button>`,
        )}
      </div>
    </form>
  </section>`
}

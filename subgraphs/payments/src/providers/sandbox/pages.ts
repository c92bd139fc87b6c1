import { html, type Html } from '@stellr/kit'
import type { SandboxEvent, SandboxFile } from '../../store/sandbox.ts'
import { writtenMoney } from '../../written-money.ts'
import { leftIn } from './books.ts'
import { failures } from './cards.ts'
import { actForm, payForm } from './forms.ts'
import { style } from './style.ts'

/** What the page shows. */
export interface PaymentShown extends SandboxFile {
  /** Its webhooks, first to last. */
  events: readonly SandboxEvent[]
}

/** The page on which a person plays the payer and the bank. With `refused`: the HTTP status by which what was asked for last was. */
export function checkoutPage(shown: PaymentShown, refused?: number): Html {
  const { description, amount, currency, id } = shown.payment
  const { text, tone, word } = stateOf(shown)
  return frame(
    `${word}: ${description}`,
    html`${refused === undefined ? null : html`<p class="alert" role="alert">${refusals[refused] ?? refusals[400] ?? ''}</p>`}
      <section aria-labelledby="title">
        <h1 id="title"><bdi>${description}</bdi></h1>
        <p class="amount">${writtenMoney(amount, currency)}</p>
        <p><strong id="state" class="${tone}">${word}</strong> ${text}</p>
        ${isMoving(shown) ? html`<p><a href="">Look again</a></p>` : null}
        <p class="quiet">Payment ${id}</p>
      </section>
      ${payForm(shown)} ${actForm(shown)} ${refundsOf(shown)} ${webhooksOf(shown)}`,
  )
}

/** What is said when there is no payment to show. */
export function problemPage(status: number): Html {
  const [word, text] = problems[status] ?? ['The request is malformed', 'Go back to the page, and use its buttons.']
  return frame(
    word,
    html`<section>
      <h1>${word}</h1>
      <p>${text}</p>
    </section>`,
  )
}

const problems: Readonly<Record<number, readonly [string, string]>> = {
  404: ['There is no such payment', 'The address of this page comes with a payment, as its checkoutUrl. Perhaps a part of it is missing.'],
  413: ['The request is too large', 'Go back to the page, and use its buttons.'],
}

const refusals: Readonly<Record<number, string>> = {
  400: 'This is nothing that can be done with a payment. Nothing has changed.',
  409: 'That is not possible any more: the payment is in another state by now. Nothing has changed.',
}

function frame(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} (payments sandbox)</title>
        ${style}
      </head>
      <body>
        <header class="banner"><strong>Sandbox.</strong> No money moves here, and no real card is taken.</header>
        <main>${content}</main>
      </body>
    </html>`
}

interface State {
  tone: 'good' | 'bad' | 'open'
  word: string
  text: Html | string
}

function stateOf(shown: PaymentShown): State {
  const { failure, outcome, settlesAt, state } = shown.payment
  switch (state) {
    case 'requires_action':
      if (outcome === null) return { tone: 'open', word: 'Not paid yet', text: '' }
      return {
        tone: 'open',
        word: 'The bank asks',
        text: settlesAt ? html`It decides by itself at ${moment(settlesAt)}.` : 'It waits for the payer to say who they are.',
      }
    case 'processing':
      return { tone: 'open', word: 'Being decided', text: settlesAt ? html`The bank decides by itself at ${moment(settlesAt)}.` : '' }
    case 'failed':
      return { tone: 'bad', word: 'Failed', text: `${failures[failure ?? ''] ?? ''} It can be tried again.` }
    case 'succeeded':
      return paidState(shown)
    default:
      return { tone: 'bad', word: 'Canceled', text: 'It cannot be paid any more.' }
  }
}

function paidState(shown: PaymentShown): State {
  const { disputes, payment, refunds } = shown
  const { outcome, paidAt, settlesAt } = payment
  if (disputes.some(({ state }) => state === 'open')) {
    return { tone: 'bad', word: 'Paid, and disputed', text: 'The payer’s bank asks for the money back.' }
  }
  if (disputes.some(({ state }) => state === 'lost'))
    return { tone: 'bad', word: 'Paid, and lost in a dispute', text: 'The payer has the money back.' }
  if (leftIn(shown) === 0n) return { tone: 'open', word: 'Paid, and given back', text: '' }
  const text = html`${paidAt && html`On ${moment(paidAt)}.`}
  ${outcome === 'disputed' && settlesAt ? html`It is disputed at ${moment(settlesAt)}.` : null}`
  return { tone: 'good', word: refunds.length > 0 ? 'Paid, and given back in part' : 'Paid', text }
}

/** Whether it changes without anybody's doing. */
function isMoving({ events, payment }: PaymentShown): boolean {
  return payment.settlesAt !== null || events.some(({ sendAt }) => sendAt !== null)
}

function refundsOf({ payment: { currency }, refunds }: PaymentShown): Html | null {
  if (refunds.length === 0) return null
  return html`<section>
    <h2 id="refunds">Given back so far</h2>
    <table aria-labelledby="refunds">
      <thead>
        <tr>
          <th scope="col">Amount</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        ${refunds.map(
          ({ amount, createdAt }) =>
            html`<tr>
              <td>${writtenMoney(amount, currency)}</td>
              <td>${moment(createdAt)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}

function webhooksOf({ events }: PaymentShown): Html {
  return html`<section>
    <h2 id="webhooks">Webhooks</h2>
    <table aria-labelledby="webhooks">
      <thead>
        <tr>
          <th scope="col">Type</th>
          <th scope="col">When</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        ${events.map(
          (event) =>
            html`<tr>
              <td>${breakable(event.type)}</td>
              <td>${moment(event.createdAt)}</td>
              <td>${fateOf(event)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <form method="post">
      <button name="act" value="send_again">Send them again</button>
    </form>
  </section>`
}

function fateOf({ copies, sendAt }: SandboxEvent): string {
  if (sendAt !== null) return 'on its way'
  return copies < 1 ? 'arrived' : 'lost'
}

// On a narrow screen it may be broken after its dot.
function breakable(type: string): Html {
  const [subject = '', verb = ''] = type.split('.')
  return html`${subject}.<wbr />${verb}`
}

function moment(at: Date): Html {
  const iso = at.toISOString()
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`
}

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { change, enrollIn, writeCourse } from '../guarantees/classroom.ts'
import { mayHaveBrowser, openBrowser } from '../testkit/browser.ts'
import { must } from '../testkit/courses.ts'
import { openSchool, type Person, type School } from '../testkit/school.ts'

describe.runIf(mayHaveBrowser())('the sandbox’s page, in a browser', () => {
  let browser: Browser | null = null
  let school: School
  let author: Person
  const opened: { close(): Promise<void> }[] = []
  beforeAll(async () => {
    browser = await openBrowser()
    if (!browser) return
    opened.push(browser)
    school = await openSchool('one-process')
    opened.push(school)
    author = await school.register({ role: 'INSTRUCTOR' })
  })
  afterAll(async () => {
    for (const one of opened) await one.close()
  })

  /** A learner before the page on which they pay for a course. */
  async function atCheckout(title = 'Drawing') {
    const learner = await school.register()
    const { courseId } = await writeCourse(author, { title, price: { amount: 1999, currency: 'EUR' } })
    const enrollmentId = await enrollIn(learner, courseId)
    const input = { enrollmentId, method: 'CHECKOUT', idempotencyKey: crypto.randomUUID() }
    const { id, checkoutUrl } = (await change(learner, 'initiatePayment', input, 'payment { id checkoutUrl }')).payment
    const page = await openPage()
    await page.goto(checkoutUrl)
    const statuses = async () => {
      const query = 'query ($payment: ID, $enrollment: ID!) { payment(id: $payment) { status } enrollment(id: $enrollment) { status } }'
      const { payment, enrollment } = await must(learner.client.query(query, { payment: id, enrollment: enrollmentId }))
      return [payment.status, enrollment.status]
    }
    return { page, statuses }
  }

  /** With everything that the browser complains about, such as a breach of the page's policy, an error. */
  async function openPage(): Promise<Page> {
    const context = await browser?.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } })
    if (!context) throw new Error('there is no browser')
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    onTestFinished(async () => {
      await context.close()
      // The answer 409 is one of those.
      expect(complaints.filter((text) => !text.includes('409'))).toEqual([])
    })
    return page
  }

  const pay = async (page: Page, card: string | RegExp) => {
    await page.getByRole('radio', { name: card }).check()
    await page.getByRole('button', { name: 'Pay EUR 19.99' }).click()
  }
  const stateOf = (page: Page) => page.locator('#state').innerText()

  test('a learner who passes 3-D Secure is in the course', async ({ skip }) => {
    skip(!browser, 'there is no browser')
    const { page, statuses } = await atCheckout('Drawing <b>"loud"</b> 🎨')
    expect(await page.title()).toBe('Not paid yet: Drawing <b>"loud"</b> 🎨 (payments sandbox)')
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Drawing <b>"loud"</b> 🎨')
    expect(await page.getByText('No money moves here').isVisible()).toBe(true)
    expect(await statuses()).toEqual(['REQUIRES_ACTION', 'PENDING_PAYMENT'])
    await pay(page, /the bank asks whether it is you/)
    expect(await stateOf(page)).toBe('The bank asks')
    await page.getByRole('button', { name: 'It is me' }).click()
    expect(await stateOf(page)).toBe('Paid')
    await expect.poll(statuses).toEqual(['COMPLETED', 'ACTIVE'])
    await expect
      .poll(async () => {
        await page.reload()
        return page.getByRole('row', { name: /payment\.succeeded .* arrived/ }).count()
      })
      .toBe(1)
  })

  test('one whose card is declined pays with another, on the same page', async ({ skip }) => {
    skip(!browser, 'there is no browser')
    const { page, statuses } = await atCheckout()
    await pay(page, /^Is declined 4000 0000 0000 0002/)
    expect(await stateOf(page)).toBe('Failed')
    expect(await page.getByText('The card was declined.').isVisible()).toBe(true)
    await expect.poll(statuses).toEqual(['FAILED', 'PENDING_PAYMENT'])
    await pay(page, /4242 4242 4242 4242/)
    expect(await stateOf(page)).toBe('Paid')
    await expect.poll(statuses).toEqual(['COMPLETED', 'ACTIVE'])
  })

  test('one whose dispute the school loses is out of the course', async ({ skip }) => {
    skip(!browser, 'there is no browser')
    const { page, statuses } = await atCheckout()
    await pay(page, /^Pays at once 4242/)
    await expect.poll(statuses).toEqual(['COMPLETED', 'ACTIVE'])
    await page.getByRole('button', { name: 'Dispute the payment' }).click()
    expect(await stateOf(page)).toBe('Paid, and disputed')
    await expect.poll(statuses).toEqual(['DISPUTED', 'SUSPENDED'])
    await page.getByRole('button', { name: 'The school loses' }).click()
    expect(await stateOf(page)).toBe('Paid, and lost in a dispute')
    await expect.poll(statuses).toEqual(['REFUNDED', 'REFUNDED'])
  })

  test('one with the page open twice is told that it is too late', async ({ skip }) => {
    skip(!browser, 'there is no browser')
    const { page } = await atCheckout()
    const other = await page.context().newPage()
    await other.goto(page.url())
    await pay(page, /^Pays at once 4242/)
    await pay(other, /^Is declined 4000 0000 0000 0002/)
    expect(await other.getByRole('alert').innerText()).toContain('not possible any more')
    expect(await stateOf(other)).toBe('Paid')
  })

  test('it fits a telephone, and all of it can be reached by keyboard', async ({ skip }) => {
    skip(!browser, 'there is no browser')
    const { page } = await atCheckout('Unbelievably'.repeat(12))
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowDown')
    expect(await page.getByRole('radio', { checked: true }).getAttribute('value')).toBe('decline')
    await page.keyboard.press('Enter')
    await page.locator('#state.bad').waitFor()
    expect(await stateOf(page)).toBe('Failed')
  })
})

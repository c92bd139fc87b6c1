import { WebhookRefused } from './provider.ts'

/** How old a webhook may be, in seconds, and how far ahead: clocks differ, and who has seen one may send it again. */
export const TOLERANCE_SECONDS = 5 * 60

/** Throws WebhookRefused unless a signature of the form `t=<seconds>,...` says once, and lately, when it was made. */
export function requireRecent(signature: string, now: Date): void {
  const times = signature
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part.startsWith('t='))
  const time = times.length === 1 ? /^t=(\d{1,12})$/.exec(times[0] ?? '')?.[1] : undefined
  if (time === undefined) throw new WebhookRefused('it does not say when it was signed')
  const age = now.getTime() / 1000 - Number(time)
  if (age > TOLERANCE_SECONDS) throw new WebhookRefused('it is too old')
  if (age < -TOLERANCE_SECONDS) throw new WebhookRefused('it comes from the future')
}

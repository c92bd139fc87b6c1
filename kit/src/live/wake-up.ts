/** The channel on which processes tell each other which streams have gone on. */
export const FEED_CHANNEL = 'stellr_feed'

/** What is said there: who says it, who needs not hear it, and which stream. */
export function wakeUp(listenerId: string, stream: string): string {
  return `${listenerId} ${stream}`
}

/** The stream that another process speaks of; null for what this one says itself. */
export function wokenStream(listenerId: string, message: string): string | null {
  const space = message.indexOf(' ')
  return message.slice(0, space) === listenerId ? null : message.slice(space + 1)
}

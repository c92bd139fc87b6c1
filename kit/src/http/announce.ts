/** What a process tells the one that started it. */
export interface Announcement {
  /** The address that it listens on. */
  listening: string
  /** Where it tells its metrics; null when nowhere. */
  metrics: string | null
}

/** Tells whoever started this process, if it cares to know, where it listens: with PORT=0 nobody else could say. */
export function announce(listening: string, metrics: string | null): void {
  const announcement: Announcement = { listening, metrics }
  process.send?.(announcement)
}

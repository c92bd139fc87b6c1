/** What a process tells the one that started it. */
export interface Announcement {
  /** The address that it listens on. */
  listening: string
}

/** Tells whoever started this process, if it cares to know, where it listens: with PORT=0 nobody else could say. */
export function announce(listening: string): void {
  const announcement: Announcement = { listening }
  process.send?.(announcement)
}

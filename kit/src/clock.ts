/** Where code that must be tested with time gets it from. */
export interface Clock {
  /** The moment it is now. */
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** `date` moved by a number of seconds, which may be negative. */
export function plusSeconds(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000)
}

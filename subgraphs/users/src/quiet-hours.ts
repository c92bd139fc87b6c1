const MINUTES_AN_HOUR = 60

/** Minutes after midnight of a wall-clock time written `HH:MM`. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * MINUTES_AN_HOUR + minutes
}

/** The quiet hours of a row as clients write them; null when there are none. */
export function formatQuietHours({ quietStart, quietEnd }: { quietStart: number | null; quietEnd: number | null }) {
  return quietStart === null || quietEnd === null ? null : { start: format(quietStart), end: format(quietEnd) }
}

function format(minutes: number): string {
  const digits = (value: number) => String(value).padStart(2, '0')
  return `${digits(Math.floor(minutes / MINUTES_AN_HOUR))}:${digits(minutes % MINUTES_AN_HOUR)}`
}

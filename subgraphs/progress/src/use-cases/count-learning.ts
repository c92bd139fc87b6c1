import type { Context } from '../context.ts'
import { onTheClock } from '../activity.ts'
import { activeThisWeek, streakDays } from '../calendar.ts'

/** How long a learner was active so far, in ms. */
export async function countActiveMs({ store }: Context, userId: string): Promise<number> {
  return (await store.learner(userId))?.activeMs ?? 0
}

/** How long they were active today and on the six days before, in ms. */
export async function countActiveMsThisWeek(context: Context, userId: string): Promise<number> {
  return activeThisWeek(...(await recentActivity(context, userId)))
}

/** How many days in a row they were active. */
export async function countStreakDays(context: Context, userId: string): Promise<number> {
  return streakDays(...(await recentActivity(context, userId)))
}

async function recentActivity({ store, clock }: Context, userId: string) {
  const [learner, days] = await Promise.all([store.learner(userId), store.recentDays(userId)])
  return [days.flatMap(onTheClock), learner?.timeZone ?? 'UTC', clock.now().getTime()] as const
}

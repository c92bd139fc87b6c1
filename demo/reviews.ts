import { reviewComments } from './content/reviews.ts'
import type { Life } from './lives.ts'

/**
 * What each life says besides the stars, in the order of the lives; null where it says nothing. The first who is as pleased
 * with a course as its own review is speaks that; of the others every second says something, each time something else.
 */
export function reviewsOf(lives: readonly Life[]): (string | null)[] {
  const spoken = new Set<string>()
  const said = new Map<number, number>()
  return lives.map(({ course, stars }) => {
    if (stars === null) return null
    const { review } = course.content
    if (stars === review.stars && !spoken.has(course.id)) {
      spoken.add(course.id)
      return review.comment
    }
    const turn = said.get(stars) ?? 0
    said.set(stars, turn + 1)
    const comments = reviewComments[stars as keyof typeof reviewComments]
    return turn % 2 === 0 ? (comments[(turn / 2) % comments.length] ?? null) : null
  })
}

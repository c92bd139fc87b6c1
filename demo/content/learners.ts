import { rows, wholeNames } from './names.ts'
import type { LearnerContent } from './types.ts'

const count = 240
/** Every so many, somebody's name is in another script. */
const stride = 26

/** The same people each time; the first is the account that visitors of the demo sign in with. */
export const learners: readonly LearnerContent[] = [
  { email: 'learner@stellr.test', name: 'Lena Hoffmann' },
  ...Array.from({ length: count - 1 }, (_, index) => ({ email: `learner-${index + 2}@stellr.test`, name: nameOf(index) })),
]

function nameOf(index: number): string {
  const turn = Math.floor(index / stride)
  const whole = index % stride === stride - 1 ? wholeNames[turn] : undefined
  return whole ?? madeName(index - turn)
}

// Goes through the rows, so that neighbours come from different ones; each round through a row shifts its last names by three.
function madeName(index: number): string {
  const names = rows[index % rows.length]
  const turn = Math.floor(index / rows.length)
  if (!names) throw new Error('there are no names')
  const round = Math.floor(turn / names.first.length)
  return `${names.first[turn % names.first.length]} ${names.last[(turn + 3 * round) % names.last.length]}`
}

import type { InstructorContent } from './types.ts'

/** The first is the account that visitors of the demo sign in with. */
export const instructors: readonly InstructorContent[] = [
  {
    key: 'idris',
    email: 'instructor@stellr.test',
    name: 'Idris Bakare',
    speciality: 'Design & freelancing',
    bio: 'Drew bus maps in Lagos, pill boxes in Basel and far too many buttons everywhere else. Has been a freelancer for eleven years and still whispers his day rate to the mirror before each call. Believes that a good notice in a stairwell is worth more than an award.',
  },
  {
    key: 'marta',
    email: 'marta@stellr.test',
    name: 'Marta Kowalczyk',
    speciality: 'Software & teams',
    bio: 'Kept a railway booking system running through four rewrites and one flood. Now teaches people to write programs which fail loudly in the test and quietly never after. Leads a team of seven in Gdańsk, swims in the Baltic in March, and does not recommend it.',
  },
  {
    key: 'hiroshi',
    email: 'hiroshi@stellr.test',
    name: 'Hiroshi Tanabe',
    speciality: 'Statistics & stars',
    bio: 'Statistician by day, amateur astronomer by night, and seldom asleep. Spent fifteen years helping hospitals in Osaka to find out what works. Carries a stopwatch, because every queue is a data set, and draws all his charts in pencil first.',
  },
  {
    key: 'amelie',
    email: 'amelie@stellr.test',
    name: 'Amélie Dufour',
    speciality: 'Languages & plain words',
    bio: 'Translates crime novels into French and letters from authorities into something one can read. Grew up above a cheese shop in Lyon, which explains her vocabulary. She reads every sentence aloud, also on trains.',
  },
  {
    key: 'tomas',
    email: 'tomas@stellr.test',
    name: 'Tomás Villaseñor',
    speciality: 'Music & recording',
    bio: 'Trombonist, arranger and owner of a wardrobe in which eleven albums were recorded. Has conducted school bands, a prison choir and, once, a ship. Teaches rhythm with whatever lies on the table.',
  },
  {
    key: 'noor',
    email: 'noor@stellr.test',
    name: 'Noor El-Amin',
    speciality: 'Food & living things',
    bio: 'A microbiologist who left the laboratory for the kitchen and brought the microscope along. Cooks for large families, including her own, keeps worms under the sink, and counts birds before breakfast. Has opinions about salt.',
  },
]

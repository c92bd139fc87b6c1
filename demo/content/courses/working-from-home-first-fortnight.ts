import type { CourseContent } from '../types.ts'

export const workingFromHomeFirstFortnight: CourseContent = {
  slug: 'working-from-home-first-fortnight',
  title: 'Working from Home: The First Fortnight',
  description:
    'Written in a hurry, when half the world carried its monitor home in a shopping bag. Two weeks of small habits for people who suddenly share an office with a washing machine. Kept here for those who took it; its best parts live on in Leading a Small Team.',
  category: 'business',
  difficulty: 'BEGINNER',
  instructor: 'marta',
  tags: ['communication', 'teamwork'],
  status: 'ARCHIVED',
  modules: [
    {
      title: 'Week one',
      lessons: [
        {
          key: 'kitchen-table',
          title: 'The kitchen table at 8:59',
          kind: 'VIDEO',
          durationSeconds: 300,
          freePreview: true,
          body: "A camera on top of the fridge records Marta's first morning. What she would do differently, minute by minute.",
        },
        {
          key: 'fake-commute',
          title: 'Walk to work and back',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `The commute was a nuisance that did one thing well: it told your head when work began and ended. Without it the day leaks at both ends.

So walk round the block for ten minutes before you open the laptop, and in the opposite direction when you close it. Same shoes, same door. It sounds silly until the third day, when you notice that you no longer think about a spreadsheet while peeling carrots.

If you cannot go out, change something else at the border: the light, the music, your pullover. What matters is that it happens every time.`,
        },
        {
          key: 'say-it-in-writing',
          title: 'Say it in writing',
          kind: 'VIDEO',
          durationSeconds: 380,
          body: 'How to ask so that the answer can come three hours later, and why "hi, are you there?" is unkind.',
        },
      ],
    },
    {
      title: 'Week two',
      lessons: [
        {
          key: 'lonely',
          title: 'Loneliness is not a productivity problem',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Some people bloom in silence, others dry up by the second Wednesday, and you cannot tell from their status light. Ask. Not "all good?", which has one possible answer, but "how was your weekend, honestly?"

Arrange time together that has no purpose. Two colleagues who cook lunch on a call, without speaking much, are doing something serious.

If it is you who is drying up, tell one person this week. Then move one hour of work to a library, a friend's table or a bench with a view. Company does not have to talk to count.`,
        },
        {
          key: 'camera-off',
          title: 'Camera off, please',
          kind: 'VIDEO',
          durationSeconds: 280,
          body: 'Why an hour of faces is more tiring than an hour in a room, and a fair rule for a team of six.',
        },
        {
          key: 'desk-sheet',
          title: 'Sheet: a desk out of what you have',
          kind: 'DOCUMENT',
          durationSeconds: 180,
          body: 'Books, a tray, a cushion, an ironing board: heights and angles that your neck will thank you for.',
        },
      ],
    },
  ],
  review: { stars: 4, comment: 'A time capsule by now, but the ten-minute walk instead of a commute has stayed with me for years.' },
}

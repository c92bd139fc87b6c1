import type { CourseContent } from '../types.ts'

export const statisticsForTheCurious: CourseContent = {
  slug: 'statistics-for-the-curious',
  title: 'Statistics for the Curious',
  description:
    'Averages, polls, risks and coincidences, explained with coins, trains and one very long queue at a noodle shop. You need no more than arithmetic. At the end you will read a newspaper with a raised eyebrow and know which eyebrow to raise.',
  category: 'data',
  difficulty: 'BEGINNER',
  instructor: 'hiroshi',
  tags: ['statistics', 'fundamentals', 'visualization'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Describing',
      lessons: [
        {
          key: 'noodle-queue',
          title: 'The queue at the noodle shop',
          kind: 'VIDEO',
          durationSeconds: 370,
          freePreview: true,
          body: 'Hiroshi times forty customers with a stopwatch. The average wait is eleven minutes, and hardly anybody waited eleven minutes.',
        },
        {
          key: 'mean-median',
          title: 'Mean, median, and the billionaire in the tram',
          kind: 'ARTICLE',
          durationSeconds: 135,
          freePreview: true,
          body: `Thirty people ride in a tram and own about the same. A billionaire gets on. The *mean* fortune has risen to more than thirty million; the *median*, what the person in the middle owns, has hardly moved. Nobody has become richer.

Neither number is wrong; they answer different questions. The mean says what each would have if everything were shared out: useful for budgets. The median says what is usual: useful for expectations.

When a report gives only one of them, ask for the other. If they differ a lot, somebody is standing far away from the crowd, and that somebody may be the story.`,
        },
        {
          key: 'spread',
          title: 'How far from the middle?',
          kind: 'VIDEO',
          durationSeconds: 350,
          body: 'Two bus lines with the same average delay. On one you can rely, on the other you miss your connection every Thursday.',
        },
        {
          key: 'pictures-first',
          title: 'Draw it before you compute it',
          kind: 'VIDEO',
          durationSeconds: 390,
          body: 'Four small data sets with equal means, equal spread and equal correlation, and four entirely different pictures.',
        },
      ],
    },
    {
      title: 'Chance',
      lessons: [
        {
          key: 'coins',
          title: 'What coins do when nobody is looking',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Toss a coin a hundred times and you will almost certainly see five in a row that are alike, and usually six. People who are asked to *invent* a hundred tosses hardly ever dare to write such a run. That is how a teacher can tell which pupils did the homework.

Chance is lumpier than we expect. Cancer cases cluster in a street, a striker scores in four matches running, three planes are late on one day. Before you look for a cause, ask how often such a lump would appear with no cause at all, given all the places where you might have looked.`,
        },
        {
          key: 'base-rates',
          title: 'A positive test, and no need to panic yet',
          kind: 'VIDEO',
          durationSeconds: 500,
          prerequisites: ['coins'],
          body: 'A disease that one in a thousand has, a test that is 99 % right, and why most of those who test positive are healthy. Done with a thousand paper figures.',
        },
        {
          key: 'risk',
          title: 'Twice as much of very little',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `"Eating this doubles the risk." From what to what? From one in a hundred to two in a hundred is worth a thought; from one in ten million to two in ten million is worth none.

Relative numbers make headlines, absolute numbers make decisions. Translate every risk into people: *of 1,000 who do this, how many will it happen to? Of 1,000 who do not?* Draw them as dots if you can.

The same trick protects you from good news. A pill that "cuts heart attacks by half" may save one person in two hundred over five years. That can be a fine pill. You just want to know.`,
        },
      ],
    },
    {
      title: 'Learning from samples',
      lessons: [
        {
          key: 'soup',
          title: 'One spoon is enough, if you stir',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `To taste a soup you need one spoon, whether the pot holds two litres or two hundred. What matters is that you have stirred it.

A sample works the same way. Around a thousand people say a lot about a country of ten million *or* a hundred million, give or take three percentage points, provided everybody had the same chance of being asked. A million answers to a button on a website say only what people think who visit that website and like buttons.

So do not ask first how large a survey is. Ask how they were chosen, and who did not answer.`,
        },
        {
          key: 'margin',
          title: 'Give or take: what a margin of error covers',
          kind: 'VIDEO',
          durationSeconds: 420,
          body: 'And what it does not: bad questions, shy answers, and the people who never pick up the phone.',
        },
        {
          key: 'correlation',
          title: 'Storks, ice cream and drowning',
          kind: 'VIDEO',
          durationSeconds: 450,
          prerequisites: ['pictures-first'],
          body: 'Three reasons why two things may rise together, with a clean way of drawing each as arrows.',
        },
        {
          key: 'newspaper-sheet',
          title: 'Handout: eight questions for any number in the news',
          kind: 'DOCUMENT',
          durationSeconds: 240,
          body: 'Fits into a wallet when folded twice. Each question has one true story attached in which nobody asked it.',
        },
      ],
    },
  ],
  review: { stars: 5, comment: 'The noodle queue explained the median to me better than two semesters did. Now I want noodles.' },
}

import type { CourseContent } from '../types.ts'

export const experimentDesign: CourseContent = {
  slug: 'experiment-design',
  title: 'Experiment Design: From Hunch to Evidence',
  description:
    'Most experiments in companies and kitchens answer a question that nobody asked. Learn to design trials which can prove you wrong: what to vary, what to hold still, how many, and when to stop. For people who know what a standard deviation is and have been burned by a dashboard.',
  category: 'data',
  difficulty: 'ADVANCED',
  instructor: 'hiroshi',
  tags: ['statistics', 'testing', 'research'],
  price: { amount: 9_800, currency: 'JPY' },
  accessDays: 180,
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Asking',
      lessons: [
        {
          key: 'tea-lady',
          title: 'Milk first?',
          kind: 'VIDEO',
          durationSeconds: 450,
          freePreview: true,
          body: 'Can somebody taste whether the milk went into the cup first? We design the trial together and find five ways of fooling ourselves.',
        },
        {
          key: 'hunch-to-claim',
          title: 'From a hunch to a claim that can fail',
          kind: 'ARTICLE',
          durationSeconds: 150,
          body: `"The new page feels better" cannot be wrong, so it cannot be right. Sharpen it: *among first-time visitors, more will finish an order within a day; we would care about one percentage point or more.*

You now have a population, an outcome, a period, and the smallest effect worth having. The last is the most neglected and the most useful. It decides how many you need, and it lets you conclude "no difference that matters", which is a finding, rather than "not significant", which is a shrug.

Write it down with a date *before* there is any data. A claim that is found afterwards fits as well as a target drawn around the arrow.`,
        },
        {
          key: 'what-to-randomize',
          title: 'What exactly is being randomised?',
          kind: 'VIDEO',
          durationSeconds: 520,
          body: 'Visitors, visits, classrooms, fields, days. If treated units talk to untreated ones, you need a larger unit.',
        },
      ],
    },
    {
      title: 'Enough, and no more',
      lessons: [
        {
          key: 'power',
          title: 'Power: could you have seen it?',
          kind: 'ARTICLE',
          durationSeconds: 150,
          prerequisites: ['hunch-to-claim'],
          body: `A trial with too few subjects is a coin toss with paperwork. Power is the chance that it finds an effect of the size you care about; 80 % is customary, which means that one real effect in five is missed.

Four quantities hang together: the effect, the noise, the number of subjects, and the risk of a false alarm you accept. Fix three and you have the fourth. Halve the effect you want to detect and you need *four times* as many.

Before adding subjects, try to reduce the noise. Compare each one with its own past, or pair similar ones and treat one of the two. That is often worth more than doubling the sample, and it is free.`,
        },
        {
          key: 'peeking',
          title: 'The price of peeking',
          kind: 'VIDEO',
          durationSeconds: 590,
          prerequisites: ['power'],
          body: 'A thousand simulated trials of nothing at all. Look once and 5 % are "significant". Look every day and a quarter of them are, sooner or later.',
        },
        {
          key: 'sequential',
          title: 'Stopping early, honestly',
          kind: 'VIDEO',
          durationSeconds: 550,
          required: false,
          prerequisites: ['peeking'],
          body: 'Spending the risk of error over several looks: the idea of group-sequential designs, with a table you can use.',
        },
      ],
    },
    {
      title: 'Doing and telling',
      lessons: [
        {
          key: 'pilot',
          title: 'The pilot is for embarrassments',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Run the whole thing on ten subjects before you run it on a thousand. You will learn nothing about the effect, and should not look. You will learn that the button does not log on old phones, that half the questionnaires come back without page two, and that the control group in Osaka got the treatment because the labels looked alike.

Make a list of what each record must contain and check it by machine. Count who is assigned to each arm: if you planned halves and got 4,903 and 5,312, stop. Something upstream is choosing for you.`,
        },
        {
          key: 'blocking',
          title: 'Block what you can, randomise what you cannot',
          kind: 'VIDEO',
          durationSeconds: 500,
          body: 'Ovens with a hot corner, weeks with a holiday, testers with a cold: arranging a trial so that known nuisances cancel out.',
        },
        {
          key: 'report',
          title: 'Reporting a trial like a grown-up',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Say first what you claimed beforehand, and show the document with its date. Then give the effect *with an interval*: "between 0.2 and 1.9 points more" tells the reader both the size and how sure you are, while "p = 0.03" tells neither.

List everything you measured, including what did not move. Report who dropped out of each arm. Keep surprises in a section of their own, called exploratory, as hunches for the next trial.

And write up the failures. A shelf of trials that found nothing is how an organisation stops trying the same clever idea every three years.`,
        },
        {
          key: 'protocol-template',
          title: 'Template: a protocol on two pages',
          kind: 'DOCUMENT',
          durationSeconds: 360,
          prerequisites: ['pilot', 'report'],
          body: 'All decisions that must be made before the first subject, with two filled-in examples: a checkout page and a sourdough.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'We had been peeking at our A/B tests for years. The simulation in module two made the whole room go quiet.',
  },
}

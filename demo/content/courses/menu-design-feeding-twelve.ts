import type { CourseContent } from '../types.ts'

export const menuDesignFeedingTwelve: CourseContent = {
  slug: 'menu-design-feeding-twelve',
  title: 'Menu Design: Feeding Twelve without Panic',
  description:
    'You can cook; now twelve people are coming, two are vegan, one is allergic to nuts, and your oven has four shelves and a temper. Learn to design a menu as a plan: balance, timing, quantities, what can be done on Thursday, and how to sit down with your guests.',
  category: 'food',
  difficulty: 'ADVANCED',
  instructor: 'noor',
  tags: ['kitchen skills', 'research', 'teamwork'],
  price: { amount: 3_900, currency: 'EUR' },
  status: 'PUBLISHED',
  modules: [
    {
      title: 'The plan on paper',
      lessons: [
        {
          key: 'dinner-backwards',
          title: 'A dinner, told backwards',
          kind: 'VIDEO',
          durationSeconds: 470,
          freePreview: true,
          body: 'From the washing-up at midnight back to the first idea: where it was won, and where it nearly went up in smoke.',
        },
        {
          key: 'balance',
          title: 'Balance: what each course owes the next',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `A menu is a sequence, and each dish is tasted against the one before. List five things for each course: main taste, texture, temperature, colour, richness. If the same word stands twice in a row in any column, change a dish.

Cream, cream and cream is how good cooks send people to sleep. After something rich bring something sour; after soft, something that cracks. One course should be at room temperature, for your guests' sake and for your oven's.

Repeat a single thread on purpose, perhaps lemon, or smoke. It makes separate dishes into *an evening*.`,
        },
        {
          key: 'constraints-first',
          title: 'Begin with the constraints',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Ask everyone two weeks ahead, in writing: what can you not eat, and what happens if you do? "I don't care for it" and "I stop breathing" get different treatment.

Then plan the whole menu so that the strictest guest can eat nearly all of it **without looking different**. A vegan first course that all enjoy is better than eleven starters and one bowl of leaves. Add meat or cheese at the table, as an extra, and not as the foundation.

For an allergy, have that ingredient nowhere in the kitchen that day. Not in another bowl; nowhere. You will be tired by seven.`,
        },
        {
          key: 'quantities',
          title: 'How much is enough?',
          kind: 'VIDEO',
          durationSeconds: 400,
          prerequisites: ['balance'],
          body: 'Grams per head for each kind of dish, why they shrink with every course, and how much you may trust teenagers.',
        },
      ],
    },
    {
      title: 'The plan in time',
      lessons: [
        {
          key: 'bottlenecks',
          title: 'Find the bottleneck',
          kind: 'VIDEO',
          durationSeconds: 510,
          prerequisites: ['constraints-first'],
          body: 'Oven, hob, fridge, hands. A chart with four lanes shows that the tart and the potatoes both want 18:40.',
        },
        {
          key: 'what-improves',
          title: 'What gets better by waiting',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Some dishes are better on the second day: braises, curries, terrines, ice cream, anything pickled. Some lose nothing: sauces without egg, soups, dough in the fridge, roasted vegetables eaten lukewarm. And a few die in ten minutes: fried things, green leaves in dressing, risotto, soufflé.

Build the menu from the first two groups and allow yourself **one** from the third, on the course for which you will be wide awake.

Then move everything as early as it can go. If more than two pans are on the stove when the doorbell rings, move something to Thursday.`,
        },
        {
          key: 'timetable',
          title: 'The timetable on the fridge door',
          kind: 'VIDEO',
          durationSeconds: 560,
          prerequisites: ['bottlenecks', 'what-improves'],
          body: 'Written backwards from the moment of serving, in steps that a helpful guest can take over without asking.',
        },
        {
          key: 'helpers',
          title: 'Giving orders to people you love',
          kind: 'VIDEO',
          durationSeconds: 330,
          body: 'Jobs that can be handed out, the right moment, and why "could you possibly" costs you a burnt sauce.',
        },
      ],
    },
    {
      title: 'The evening',
      lessons: [
        {
          key: 'rescue',
          title: 'When it goes wrong',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Too salty: more of everything else, or something sour and a little sweet; the potato that soaks up salt is a legend. Split sauce: a spoonful of hot water, whisk from the middle. Burnt bottom: change pots without scraping, and never stir.

Raw inside and late: cut it into pieces and finish it in a pan. Nobody has seen the picture you had in mind.

Whatever happens, bring out bread and something pickled, and tell the truth cheerfully. A host who laughs about a collapsed tart gives everyone at the table leave to be at ease.`,
        },
        {
          key: 'planner-sheets',
          title: 'Planner: four sheets for any dinner',
          kind: 'DOCUMENT',
          durationSeconds: 360,
          required: false,
          prerequisites: ['timetable'],
          body: 'Guests and constraints, balance table, shopping by shop, timetable. Filled in once for twelve, with all crossings-out.',
        },
      ],
    },
  ],
  review: { stars: 5, comment: 'I sat down. At my own dinner. For the first time in twenty years. Buy it for the timetable alone.' },
}

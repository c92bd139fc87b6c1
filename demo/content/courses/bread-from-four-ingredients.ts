import type { CourseContent } from '../types.ts'

export const breadFromFourIngredients: CourseContent = {
  slug: 'bread-from-four-ingredients',
  title: 'Bread from Four Ingredients',
  description:
    'Flour, water, salt, yeast, and time, which is free. You will bake four loaves of growing ambition and understand what happens inside each, so that the next recipe no longer frightens you. A home oven and a heavy pot with a lid are all you need.',
  category: 'food',
  difficulty: 'BEGINNER',
  instructor: 'noor',
  tags: ['kitchen skills', 'fermentation', 'hands-on'],
  price: { amount: 1_900, currency: 'EUR' },
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Loaf one',
      lessons: [
        {
          key: 'stir-and-wait',
          title: 'Stir it and go to bed',
          kind: 'VIDEO',
          durationSeconds: 390,
          freePreview: true,
          body: 'A dough that needs no kneading at all. Four minutes of work in the evening, and an oven in the morning.',
        },
        {
          key: 'bakers-percent',
          title: 'Thinking in per cent, like a baker',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Bakers measure everything against the flour. Flour is 100 %; a loaf might have 70 % water, 2 % salt, 1 % fresh yeast. With 500 g of flour that is 350 g of water, 10 g of salt and 5 g of yeast.

The advantage is that you can *read* a recipe. Salt is nearly always between 1.8 and 2.2 %. Water tells you what the dough will be like: at 60 % you can shape it like clay, at 70 it clings, at 80 it flows and you fold it with wet hands.

Weigh the water too. And if your flour is wholemeal, add a little, because bran is thirsty.`,
        },
        {
          key: 'gluten',
          title: 'What kneading does, and what waiting does',
          kind: 'VIDEO',
          durationSeconds: 350,
          body: 'Two doughs under the same glass bowl: one is kneaded for ten minutes, the other left alone for ten hours.',
        },
      ],
    },
    {
      title: 'Loaf two and three',
      lessons: [
        {
          key: 'reading-dough',
          title: 'Reading the dough, not the clock',
          kind: 'ARTICLE',
          durationSeconds: 150,
          prerequisites: ['bakers-percent'],
          body: `"Let it rise for an hour" was true in the author's kitchen. Yeast works about twice as fast with each eight or ten degrees, so your hour may be forty minutes in August and two hours in January.

Look instead. A dough that is ready has grown by half to double, its surface is domed, and small bubbles show at the side of the glass. Press it with a floured finger: if the dent springs back at once, wait; if it comes back slowly and not quite, bake; if it stays, you are late, so bake quickly and say nothing.

Keep a notebook with the temperature of the kitchen. After five loaves you will not need mine.`,
        },
        {
          key: 'folding',
          title: 'Fold, turn, rest',
          kind: 'VIDEO',
          durationSeconds: 375,
          prerequisites: ['gluten'],
          body: 'Wet dough becomes strong by folding it four times in two hours. It feels like cheating.',
        },
        {
          key: 'shaping',
          title: 'Shaping a round loaf',
          kind: 'VIDEO',
          durationSeconds: 460,
          body: 'Tension on the skin, seam underneath. Filmed from above and from the side, with two failures left in.',
        },
        {
          key: 'steam',
          title: 'Steam, the pot and the crust',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `For the first ten minutes the crust must stay soft, so that the loaf can grow. Professional ovens blow in steam; you have a pot. Heat it for half an hour at 240 °C, drop the loaf in, and close the lid: the dough steams itself.

After twenty minutes take the lid off. Now sugars and proteins at the surface brown, and that is where most of the taste comes from. Be braver than you like: the colour you want is chestnut, not straw.

A loaf is done when it sounds hollow underneath, or at 96 °C inside. Then let it cool for an hour. It is still cooking.`,
        },
      ],
    },
    {
      title: 'Loaf four',
      lessons: [
        {
          key: 'starter',
          title: 'Raising a sourdough starter',
          kind: 'VIDEO',
          durationSeconds: 480,
          body: 'Seven days in two minutes each. Day three smells of old socks, and this is normal.',
        },
        {
          key: 'sourdough-loaf',
          title: 'The sourdough loaf',
          kind: 'VIDEO',
          durationSeconds: 620,
          prerequisites: ['starter', 'shaping', 'reading-dough'],
          body: 'From refreshing the starter to the first slice, with a timetable for people who go to work.',
        },
        {
          key: 'trouble-table',
          title: 'Table: what went wrong?',
          kind: 'DOCUMENT',
          durationSeconds: 240,
          body: 'Flat, dense, burst, pale, gummy, sour: photographs of each, the likely cause, and what to change in the next loaf (one thing only).',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'Loaf one was a brick, loaf two was bread, loaf three was gone before it had cooled. Clear, funny, patient teacher.',
  },
}

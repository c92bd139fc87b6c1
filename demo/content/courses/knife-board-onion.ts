import type { CourseContent } from '../types.ts'

export const knifeBoardOnion: CourseContent = {
  slug: 'knife-board-onion',
  title: 'Knife, Board, Onion',
  description:
    'The shortest way from "I can\'t cook" to a pot of something good. One knife, one board, and the five cuts that open almost every recipe, taught slowly and safely. Each lesson ends with something to eat.',
  category: 'food',
  difficulty: 'BEGINNER',
  instructor: 'noor',
  tags: ['fundamentals', 'hands-on', 'kitchen skills'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Safe hands',
      lessons: [
        {
          key: 'one-good-knife',
          title: 'One good knife',
          kind: 'VIDEO',
          durationSeconds: 330,
          freePreview: true,
          body: 'Heavy or light, long or short: five people try five knives on the same carrot. You need one, and it need not be dear.',
        },
        {
          key: 'grip-and-claw',
          title: 'Grip and claw',
          kind: 'VIDEO',
          durationSeconds: 360,
          freePreview: true,
          body: 'How to hold the knife by its blade and the food by curled fingers, so that the knuckles do the watching.',
        },
        {
          key: 'sharp-is-safe',
          title: 'Sharp is safe',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `A blunt knife slips off a tomato and goes where you push, which is usually towards you. A sharp one goes where you point. So most kitchen cuts happen with knives that people are not afraid of.

Test it: hold a sheet of paper by one edge and slice downwards. If the blade catches, it needs help. A *steel* does not sharpen; it straightens the edge, and a few strokes before cooking keep it going for weeks. When that no longer helps, use a whetstone, or give the knife to somebody who has one, twice a year.

Wash by hand, dry at once, and never leave it in a sink full of foam.`,
        },
      ],
    },
    {
      title: 'Five cuts and a soup',
      lessons: [
        {
          key: 'onion',
          title: 'The onion',
          kind: 'VIDEO',
          durationSeconds: 430,
          prerequisites: ['grip-and-claw'],
          body: 'Halve through the root, keep the root on, and let it hold the layers together. In real time and then at a quarter of the speed.',
        },
        {
          key: 'why-we-cry',
          title: 'Why we cry, and what helps',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `When the cells of an onion are crushed, an enzyme meets a sulphur compound that had been kept apart from it, and makes a gas. It drifts up and meets the water on your eyes, where it stings; the tears are meant to wash it out.

It follows what helps. A *sharp* knife crushes fewer cells. A cold onion makes less gas: half an hour in the fridge will do. A fan, or an open window at your side, carries it off. Swimming goggles work, and children approve of them.

Bread in your mouth, candles and singing have no known effect, apart from the singing.`,
        },
        {
          key: 'roots-and-sticks',
          title: 'Roots: make it flat first',
          kind: 'VIDEO',
          durationSeconds: 380,
          body: 'A round carrot rolls. Give it a flat side, then slices, sticks and cubes follow by themselves.',
        },
        {
          key: 'herbs-garlic',
          title: 'Herbs and garlic',
          kind: 'VIDEO',
          durationSeconds: 345,
          body: 'Roll, rock, stop. Why parsley becomes a green puddle and how to keep it dry.',
        },
        {
          key: 'same-size',
          title: 'Same size, same time',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `A recipe says "dice", and you wonder how finely. Think backwards from the pot. Pieces of the same size are done at the same time; pieces of half the thickness are done in roughly a *quarter* of it, since heat has to travel in from every side.

So cut slow things small and quick things large, if they go in together: carrots finely, courgettes in chunks. Or cut all alike, and let the slow ones start earlier.

Looks matter less than you think. A stew with honest, uneven lumps is delicious. A stew with raw potato in one spoonful of five is not.`,
        },
        {
          key: 'sunday-soup',
          title: 'Sunday soup',
          kind: 'VIDEO',
          durationSeconds: 580,
          prerequisites: ['onion', 'roots-and-sticks'],
          body: 'Everything so far goes into one pot, in the right order, with a cheap trick for depth: let the onions really take their time.',
        },
        {
          key: 'shopping-card',
          title: 'Card for the wallet: buying vegetables',
          kind: 'DOCUMENT',
          durationSeconds: 180,
          body: 'What to press, smell and shake at the market, season by season, and what keeps for how long.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'At 58 I can finally chop an onion without crying or bleeding. The soup at the end is now our Sunday soup.',
  },
}

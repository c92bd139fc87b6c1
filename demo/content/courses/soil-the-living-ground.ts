import type { CourseContent } from '../types.ts'

export const soilTheLivingGround: CourseContent = {
  slug: 'soil-the-living-ground',
  title: 'Soil: The Living Ground',
  description:
    'There are more living things in a handful of good soil than people on Earth. Dig a hole with us, shake it in a jar, count what crawls, and learn what plants, fungi and worms have been trading down there for hundreds of millions of years. For gardeners, teachers and the curious.',
  category: 'science',
  difficulty: 'INTERMEDIATE',
  instructor: 'noor',
  tags: ['ecology', 'field work', 'hands-on'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Digging',
      lessons: [
        {
          key: 'a-hole',
          title: 'A hole in the ground',
          kind: 'VIDEO',
          durationSeconds: 400,
          freePreview: true,
          body: 'One metre deep, straight-sided, in an ordinary meadow. Noor reads the layers from top to bottom like pages.',
        },
        {
          key: 'jar-test',
          title: 'The jar test',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Fill a third of a tall jar with soil, top it up with water and a drop of washing-up liquid, shake for two minutes, and leave it on the window sill.

Within a minute *sand* has sunk. After two hours *silt* lies on top of it, and after a day or two most of the *clay*; whatever floats is plant remains. Measure the layers with a ruler, and you have the texture of your soil.

Sand drains and forgets. Clay holds water and nutrients, and is reluctant to give them back. Silt lies between. A good garden soil has some of each, roughly two fifths sand, two fifths silt, one fifth clay.`,
        },
        {
          key: 'colour-smell',
          title: 'Colour, smell, crumbs',
          kind: 'VIDEO',
          durationSeconds: 320,
          body: 'Black, red, grey with rusty spots: what each says about water and air. And where the smell after rain comes from.',
        },
      ],
    },
    {
      title: 'Who lives there',
      lessons: [
        {
          key: 'worms',
          title: 'Worms and other engineers',
          kind: 'VIDEO',
          durationSeconds: 430,
          prerequisites: ['a-hole'],
          body: 'Three ways of life below ground, a glass box with coloured layers, and six weeks in ninety seconds.',
        },
        {
          key: 'fungi-trade',
          title: 'The oldest market in the world',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Most plants on land do not feed alone. Fungal threads, far thinner than their roots, grow into or between the root cells and out into the soil, where they reach water and phosphorus that the plant cannot. In return they get sugar and fats, often a tenth or more of what the leaves make.

Fossils show such a partnership more than 400 million years ago, when plants had hardly any roots. Perhaps they could come ashore only with that help.

How far trees *help each other* through these threads is still being argued about; the experiments are hard and the stories are ahead of them. The trade itself is beyond doubt.`,
        },
        {
          key: 'count-critters',
          title: 'Counting what crawls',
          kind: 'VIDEO',
          durationSeconds: 450,
          body: 'A funnel, a lamp, a sieve and a glass: you build a trap for springtails and mites, look, and let everyone go.',
        },
        {
          key: 'nitrogen',
          title: 'Nitrogen: rich in the air, poor in the ground',
          kind: 'ARTICLE',
          durationSeconds: 150,
          prerequisites: ['fungi-trade'],
          body: `Nearly four fifths of the air is nitrogen, and no plant can use it. The two atoms hold on to each other too firmly. Some bacteria can part them, and clover, beans and alder keep these in small nodules on their roots, feed them, and keep out the oxygen that would stop the work. Break one from a clover root open: if it is pink inside, it is at work.

Since 1913 we have been doing the same in factories, with heat, pressure and natural gas. A large part of the nitrogen in your body has been through such a factory. What plants do not take up washes into rivers, which is why *how much* and *when* matter.`,
        },
      ],
    },
    {
      title: 'Keeping it',
      lessons: [
        {
          key: 'tea-bags',
          title: 'Bury a tea bag',
          kind: 'VIDEO',
          durationSeconds: 360,
          prerequisites: ['count-critters'],
          body: 'Weigh it, bury it, dig it up after three months. A real research method that works in a school garden.',
        },
        {
          key: 'compost',
          title: 'Compost: a fire without flames',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `A good heap reaches 60 °C in its middle, heated by nothing but the breath of microbes. They want four things: carbon (brown: leaves, straw, cardboard), nitrogen (green: grass, peelings), water like a wrung-out sponge, and air.

By volume, two or three parts brown to one part green works in most gardens. If it stinks, it lacks air or has too much green: turn it and add cardboard. If nothing happens, it is dry or too brown: water it, and add grass.

Cooked food and meat attract guests. In autumn put it on the beds as a blanket, and do not dig it in. The worms will see to that.`,
        },
        {
          key: 'cover',
          title: 'Never leave it naked',
          kind: 'VIDEO',
          durationSeconds: 350,
          required: false,
          body: 'Two trays on a slope, one bare and one with clover, and a watering can. Look at what runs off.',
        },
        {
          key: 'soil-diary',
          title: 'Diary: one square metre for a year',
          kind: 'DOCUMENT',
          durationSeconds: 300,
          body: 'What to note each month, how to sample without wrecking the place, and a key to twenty common creatures.',
        },
      ],
    },
  ],
  review: { stars: 5, comment: 'We did the tea-bag experiment with class 7b. Thirty children now defend worms with great passion.' },
}

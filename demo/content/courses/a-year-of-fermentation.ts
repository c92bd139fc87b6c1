import type { CourseContent } from '../types.ts'

export const aYearOfFermentation: CourseContent = {
  slug: 'a-year-of-fermentation',
  title: 'A Year of Fermentation',
  description:
    'Twelve months, twelve jars. With salt, patience and creatures too small to see, you turn cabbages, chillies, milk and plums into things that keep and taste of more than they did. A biologist explains what is alive in there and how to stay safe.',
  category: 'food',
  difficulty: 'INTERMEDIATE',
  instructor: 'noor',
  tags: ['fermentation', 'ecology', 'kitchen skills'],
  price: { amount: 4_500, currency: 'EUR' },
  accessDays: 365,
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Spring: salt',
      lessons: [
        {
          key: 'meet-the-bacteria',
          title: 'Meet your employees',
          kind: 'VIDEO',
          durationSeconds: 440,
          freePreview: true,
          body: 'Sauerkraut juice under a microscope, on day one, three and ten. A crowd arrives, changes, and makes it too sour for anybody else.',
        },
        {
          key: 'two-per-cent',
          title: 'Two per cent, and no air',
          kind: 'ARTICLE',
          durationSeconds: 150,
          body: `A jar of cabbage is a contest. Moulds need air, so you keep them out by pressing everything below the brine. Many bacteria dislike salt; lactic acid bacteria put up with it. Two grams of salt for each hundred grams of vegetable gives them a head start, and after a few days their own acid does the rest.

Weigh the salt. Too little, and the cabbage turns soft or worse; above four per cent, everything crawls.

Keep it between 18 and 22 °C for the first week, let the gas out once a day, and taste from day five. When you like it, put it in the fridge, which slows everything to a crawl.`,
        },
        {
          key: 'sauerkraut',
          title: 'Sauerkraut, squeezed by hand',
          kind: 'VIDEO',
          durationSeconds: 490,
          prerequisites: ['two-per-cent'],
          body: "Shred, salt, wait ten minutes, squeeze, press down. The weight on top is a stone from Noor's garden, boiled.",
        },
        {
          key: 'safe-or-not',
          title: 'Safe, strange, or out with it',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `**Normal:** bubbles, cloudy brine, a white, flat film (kahm yeast: harmless, skim it off), a smell of sour apples, garlic turning blue-green.

**Throw away:** fuzzy mould of any colour, pink slime, a smell that makes you step back. Do not scrape and hope, as threads grow deeper than you can see.

Vegetables that sour under brine have an excellent record, because below a pH of 4.6 the botulism bacterium cannot grow. Test strips cost a few euros. Garlic **in oil** has no acid and no such protection, and is not fermentation; keep that out of your cupboard.`,
        },
      ],
    },
    {
      title: 'Summer: heat and milk',
      lessons: [
        {
          key: 'hot-sauce',
          title: 'Chilli sauce in ten days',
          kind: 'VIDEO',
          durationSeconds: 450,
          body: 'A mash of chillies and salt, a week and a half of patience, a blender and an open window.',
        },
        {
          key: 'yoghurt-kefir',
          title: 'Yoghurt and kefir',
          kind: 'VIDEO',
          durationSeconds: 500,
          body: 'One likes it warm and has two species in it; the other prefers the worktop and has about thirty.',
        },
        {
          key: 'shared-cultures',
          title: 'The grain that somebody gave you',
          kind: 'ARTICLE',
          durationSeconds: 120,
          required: false,
          body: `Hardly anybody has ever made a kefir grain from nothing. The one in your kitchen grew off another one, in a line that leads back to the Caucasus, longer than anyone has written it down.

Sourdough, vinegar mothers and yoghurt travel in the same way, in jars, between friends. It is the oldest form of sharing software: you copy it, it keeps running, it adapts to your kitchen, and giving it away costs you nothing.

Once yours is healthy, find two people. Apart from the pleasure, they are your backup. Grains get forgotten during holidays.`,
        },
      ],
    },
    {
      title: 'Autumn: surplus',
      lessons: [
        {
          key: 'vinegar',
          title: 'Vinegar from apple peel',
          kind: 'VIDEO',
          durationSeconds: 420,
          prerequisites: ['meet-the-bacteria'],
          body: 'First yeasts, then bacteria that want air after all. The one jar that you cover with a cloth and not with a lid.',
        },
        {
          key: 'kimchi',
          title: 'Kimchi for the whole street',
          kind: 'VIDEO',
          durationSeconds: 570,
          prerequisites: ['sauerkraut'],
          body: 'Eight kilos of cabbage, one afternoon, many hands, and a neighbour with opinions.',
        },
      ],
    },
    {
      title: 'Winter: patience',
      lessons: [
        {
          key: 'miso-patience',
          title: 'Miso: a letter to next winter',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `In January you cook soya beans, crush them with salt and *koji* (rice on which a benign mould has been grown), pack it all tightly into a crock, and go away for a year.

Enzymes of the mould take the beans apart: proteins become amino acids, with their deep savoury taste, and starch becomes sugar. Salt, 12 % of it here, keeps everyone else out. In summer it darkens; a little tamari gathers on top, and you may steal a spoonful.

There is no way to hurry it. Write the date on the lid, and the name of somebody you would like to eat it with.`,
        },
        {
          key: 'log-sheets',
          title: 'Log sheets for twelve jars',
          kind: 'DOCUMENT',
          durationSeconds: 300,
          body: 'One page a jar: weights, dates, temperature, pH, what it smelled like and whom you gave it to.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'The kitchen smells, my partner complains, the kimchi is superb. Loved that a scientist explains why it is safe.',
  },
}

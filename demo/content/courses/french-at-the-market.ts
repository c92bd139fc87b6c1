import type { CourseContent } from '../types.ts'

export const frenchAtTheMarket: CourseContent = {
  slug: 'french-at-the-market',
  title: 'French at the Market',
  description:
    'Learn your first two hundred words of French where they are needed: among cheese, apricots and impatient people. Each lesson is one scene at a market in Lyon, slow first and then at full speed. You will order, ask, apologise and say no to a fourth melon.',
  category: 'languages',
  difficulty: 'BEGINNER',
  instructor: 'amelie',
  tags: ['conversation', 'listening', 'hands-on'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Arriving',
      lessons: [
        {
          key: 'bonjour',
          title: 'Bonjour is not optional',
          kind: 'VIDEO',
          durationSeconds: 330,
          freePreview: true,
          body: "Two customers ask for the same bread. One says *bonjour* first. Watch the baker's eyebrows.",
        },
        {
          key: 'sounds-that-matter',
          title: 'Five sounds that matter',
          kind: 'ARTICLE',
          durationSeconds: 120,
          freePreview: true,
          body: `You can be understood with a strong accent as long as a few differences survive.

- **u** as in *tu*: say "ee", keep your tongue there, and round your lips.
- **ou** as in *vous*: the easy one, like "oo".
- **an** as in *blanc*, **on** as in *bon*, **in** as in *vin*: through the nose, and without an audible *n*.

Most final consonants are silent: *trois*, *petit*, *beaucoup*. Before a vowel some wake up: *trois abricots* sounds like "trwa-zabrico".

Read the list aloud three times, badly and loudly. Whispering trains nothing.`,
        },
        {
          key: 'numbers',
          title: 'Numbers by price tag',
          kind: 'VIDEO',
          durationSeconds: 430,
          body: 'From one to a hundred with things to buy. Seventy is sixty-ten and ninety is four-twenties-ten; the market forces you to get over it.',
        },
      ],
    },
    {
      title: 'Buying',
      lessons: [
        {
          key: 'je-voudrais',
          title: 'Je voudrais: asking politely',
          kind: 'VIDEO',
          durationSeconds: 380,
          prerequisites: ['bonjour'],
          body: 'One sentence with a gap in it buys everything at a market. We fill it with twelve things and three quantities.',
        },
        {
          key: 'le-la-les',
          title: 'Le, la, les, and why your spoon is feminine',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Every French noun is masculine or feminine, and the article shows which: *le fromage*, *la pomme*. There is little logic in it, though endings help: words in *-tion*, *-té* and *-ette* are nearly always feminine, those in *-age* and *-ment* nearly always masculine. (*La plage*, *la page* and *l'image* are there to keep you humble.)

Learn the noun together with *un* or *une*, as if it were one word. And do not worry at the stall. If you ask for *le pomme*, you will get an apple and perhaps a smile.`,
        },
        {
          key: 'some-of-it',
          title: 'Du, de la, des: some of it',
          kind: 'ARTICLE',
          durationSeconds: 90,
          body: `English can leave it out: "I'd like bread". French cannot: *je voudrais **du** pain*, some bread. *Du* stands before masculine things, *de la* before feminine ones, *de l'* before a vowel, *des* before several.

With a quantity all of them shrink to *de*: *un kilo **de** tomates*, *beaucoup **de** fromage*, *un peu **d'**ail*. After a no as well: *je n'ai pas **de** monnaie*, I have no change.

Make six sentences from what is in your fridge.`,
        },
        {
          key: 'too-expensive',
          title: "C'est trop: saying no kindly",
          kind: 'VIDEO',
          durationSeconds: 400,
          body: 'Refusing a sample, a bag, a fourth melon. The tone does more than the words, so we practise the tone.',
        },
      ],
    },
    {
      title: 'Being a person',
      lessons: [
        {
          key: 'small-talk',
          title: 'Weather, knees and melons',
          kind: 'VIDEO',
          durationSeconds: 420,
          prerequisites: ['je-voudrais'],
          body: 'Three small conversations that are always available. You will need them, because the queue is long.',
        },
        {
          key: 'repair-kit',
          title: 'A repair kit for conversations',
          kind: 'ARTICLE',
          durationSeconds: 105,
          body: `You will not understand everything, and neither does anybody else at a market. What you need are sentences that keep the talk alive:

- *Pardon ?* with a rising voice. Shorter and kinder than *quoi*.
- *Plus lentement, s'il vous plaît.* More slowly, please.
- *Comment on dit…* and point. How do you say…
- *C'est-à-dire ?* Meaning what?
- *Ah d'accord.* I see. (Also when you nearly do.)

Learn these five before any list of verbs. Each buys you ten seconds and another try.`,
        },
      ],
    },
    {
      title: 'At full speed',
      lessons: [
        {
          key: 'full-speed',
          title: 'The whole market at full speed',
          kind: 'VIDEO',
          durationSeconds: 510,
          prerequisites: ['small-talk', 'repair-kit'],
          body: 'All scenes again without pauses or subtitles. You have met every word. Listen twice before you worry.',
        },
        {
          key: 'word-cards',
          title: 'Two hundred cards to cut out',
          kind: 'DOCUMENT',
          durationSeconds: 600,
          required: false,
          body: 'Words with article, picture and sound hint, on printable sheets, sorted by stall.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'Used lesson four in Dijon last week. The cheese lady answered in French, at speed, and I understood nearly all of it!',
  },
}

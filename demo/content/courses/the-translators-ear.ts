import type { CourseContent } from '../types.ts'

export const theTranslatorsEar: CourseContent = {
  slug: 'the-translators-ear',
  title: "The Translator's Ear",
  description:
    'A workshop for people who translate, or want to, into the language they dream in. No language pair is assumed: we work with voice, rhythm, jokes, untranslatable menus and deadlines. You hand in nothing, but you will fill a notebook.',
  category: 'languages',
  difficulty: 'ADVANCED',
  instructor: 'amelie',
  tags: ['writing', 'listening', 'research'],
  price: { amount: 6_900, currency: 'EUR' },
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Hearing',
      lessons: [
        {
          key: 'read-it-aloud',
          title: 'Read it aloud, both of it',
          kind: 'VIDEO',
          durationSeconds: 420,
          freePreview: true,
          body: 'A paragraph of a crime novel and three correct translations. With closed eyes it takes ten seconds to know which was written by somebody awake.',
        },
        {
          key: 'voice',
          title: 'Whose voice is it?',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Before the words, settle who is speaking. How old, from where, to whom, how sure of themselves? A narrator who says "one might suppose" and one who says "I guess" may report the same fact and are not the same person.

Make a small sheet for each voice: the length of their sentences, words they would never use, what they do when they are embarrassed. Keep it beside you. Consistency over three hundred pages does not come from memory.

Then let them be odd where the original is odd. A translator's commonest sin is to tidy up. If the author surprised her readers, yours have the same right.`,
        },
        {
          key: 'rhythm-of-sentences',
          title: 'Sentences have a pulse',
          kind: 'VIDEO',
          durationSeconds: 490,
          prerequisites: ['read-it-aloud'],
          body: 'Where the stress falls, why English likes its weight at the end, and how one moved adverb saves a joke.',
        },
      ],
    },
    {
      title: 'Problems with no solution',
      lessons: [
        {
          key: 'jokes',
          title: 'The joke is the effect, not the words',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `A pun depends on an accident of one language, and yours has other accidents. Do not carry the words over and add a note; nobody has ever laughed at a footnote.

Ask what the joke *does*. Does it show that he is nervous? That the two of them are friends? Does a later scene come back to it? Then make another joke which does the same, in the same place or two lines further down. Keep a ledger: what is lost here may be won there, when your language offers a gift that the original did not have.

Sometimes silence is the right answer. A flat scene is better than a forced pun.`,
        },
        {
          key: 'culture-bound',
          title: 'What is a Feierabendbier?',
          kind: 'VIDEO',
          durationSeconds: 520,
          body: 'Explain, borrow, replace, drop: four roads for things that exist in one country only, with the price of each.',
        },
        {
          key: 'forms-of-address',
          title: 'Tu, vous, you',
          kind: 'VIDEO',
          durationSeconds: 410,
          body: 'Two people move from formal to familiar in chapter nine. English has nothing for it, so what do their hands, names and silences do instead?',
        },
      ],
    },
    {
      title: 'Places and people',
      lessons: [
        {
          key: 'dialect',
          title: 'Dialect without the map',
          kind: 'ARTICLE',
          durationSeconds: 120,
          required: false,
          prerequisites: ['voice'],
          body: `A fisherman in Galicia cannot speak Yorkshire. Give him an English dialect and readers will place him in England and wonder about the octopus.

What dialect tells us is seldom geography. It says: close to the ground, proud, excluded, at home. You can make that heard with syntax, with a small set of old or short words, with what he leaves out. Choose three features, use them lightly and always. Spelling that imitates sounds tires the eye after a page and makes people look stupid.

If the place itself matters, let another character mention it.`,
        },
      ],
    },
    {
      title: 'Working',
      lessons: [
        {
          key: 'drafts',
          title: 'Four drafts and what each is for',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `The first is for meaning: quick, ugly, with slashes where you hesitate. The second is beside the original, line by line, for mistakes; it is the only one in which you look left and right all the time.

The third is **without** the original, and aloud. Now the text has to live on its own. Mark whatever makes you stumble, and go back to the source only for those places. The fourth comes after a week, on paper, in another typeface, as a stranger.

If the deadline allows only two, drop the fourth and the first. Never the third.`,
        },
        {
          key: 'research',
          title: 'Finding out what a thing is called',
          kind: 'VIDEO',
          durationSeconds: 450,
          body: 'Ask a plumber, not a dictionary. Pictures, forums, catalogues and how to approach an expert who has five minutes.',
        },
        {
          key: 'contract-sheet',
          title: 'Handout: before you sign',
          kind: 'DOCUMENT',
          durationSeconds: 300,
          body: 'Rates, rights, deadlines, credit, second editions: what to look for, with phrases for asking politely and firmly.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'Amélie reads two versions aloud and you simply hear which one is alive. I have not looked at commas in the same way since.',
  },
}

import type { CourseContent } from '../types.ts'

export const plainEnglishForBusyReaders: CourseContent = {
  slug: 'plain-english-for-busy-readers',
  title: 'Plain English for Busy Readers',
  description:
    'People read your e-mail on a platform, between two other things. This course teaches you to write so that they understand at the first pass and know what to do. You will cut, rearrange and rename real letters until they are half as long and twice as kind.',
  category: 'languages',
  difficulty: 'INTERMEDIATE',
  instructor: 'amelie',
  tags: ['writing', 'communication', 'hands-on'],
  price: { amount: 2_500, currency: 'EUR' },
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Before writing',
      lessons: [
        {
          key: 'letter-from-the-bank',
          title: 'A letter from the bank',
          kind: 'VIDEO',
          durationSeconds: 350,
          freePreview: true,
          body: 'We read one page aloud and note where each of us gave up. Then we find out what it wanted: eleven words.',
        },
        {
          key: 'one-reader',
          title: 'One reader, one thing',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Picture one person. Not "stakeholders": Mrs Adeyemi, who rents a flat, has a bus in four minutes and is slightly afraid of your letterhead.

Now finish this sentence: *after reading, she will…* If it contains an "and", consider two letters. If you cannot finish it, you are not ready to write; you are still thinking, and she should not have to watch.

Begin with that thing. Reasons, background and law may follow for those who want them. Most of us write in the order in which we found things out. Readers want the reverse.`,
        },
        {
          key: 'structure',
          title: 'Put the last paragraph first',
          kind: 'VIDEO',
          durationSeconds: 400,
          prerequisites: ['one-reader'],
          body: 'Six real e-mails, each improved by a single move: the final paragraph goes to the top.',
        },
      ],
    },
    {
      title: 'Sentences and pages',
      lessons: [
        {
          key: 'verbs',
          title: 'Free the verb',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Look for nouns that end in *-tion*, *-ment*, *-ance*. Inside most of them a verb is trapped.

"We will carry out an assessment of your application" holds *assess*: **we will assess your application**. "Upon receipt of payment" holds *when you have paid*.

Freed verbs drag people onto the stage, since somebody must do the assessing. That is why officials prefer the nouns: nobody is to blame in "a delay has occurred in the processing". Readers notice the empty stage. They trust "we are late, and here is what we are doing" far more.`,
        },
        {
          key: 'length',
          title: 'How long is too long?',
          kind: 'VIDEO',
          durationSeconds: 330,
          body: 'Not a number of words but a number of things to hold in the head. We count them with our fingers.',
        },
        {
          key: 'ordinary-words',
          title: 'Ordinary words, exact words',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Prefer *start* to commence, *about* to with regard to, *if* to in the event that. Nobody has ever complained that a letter was too easy to read, and that includes professors and judges.

Plain does not mean vague. If there is an exact term, such as "deposit", "lease" or "migraine", use it, explain it once in passing, and keep to it. Calling the same thing deposit, security and guarantee for the sake of variety is good style in a novel and a lawsuit in a contract.

Test: would you say it across a kitchen table? If not, say it the way you would.`,
        },
        {
          key: 'tone',
          title: 'Firm and kind',
          kind: 'VIDEO',
          durationSeconds: 370,
          body: 'Saying no, asking for money, admitting a mistake. Three letters with the temperature turned up and down.',
        },
        {
          key: 'headings-lists',
          title: 'Headings, lists and other handrails',
          kind: 'ARTICLE',
          durationSeconds: 105,
          body: `Nobody reads a notice from top to bottom. They hunt. Give them handrails: headings which say something ("What you need to bring"), lists for things that are really parallel, bold for the one date that matters.

Do not overdo it. A page made only of bullet points has lost its *because* and *but*, and those are where the thinking is. Three bullets, then a sentence that says why.

Then read only the headings, aloud. If they tell the story, you are done.`,
        },
        {
          key: 'edit-live',
          title: 'Editing live: from 412 words to 168',
          kind: 'VIDEO',
          durationSeconds: 630,
          prerequisites: ['structure', 'verbs'],
          body: "A landlord's letter is cut in real time, with arguments about what must stay.",
        },
        {
          key: 'swap-list',
          title: 'Handout: a hundred swaps',
          kind: 'DOCUMENT',
          durationSeconds: 240,
          body: 'Stiff phrases on the left, human ones on the right, and a column for those in which the stiff one is correct.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: "Our council's parking letter went from two pages to nine sentences. Complaints are down. I am not making this up.",
  },
}

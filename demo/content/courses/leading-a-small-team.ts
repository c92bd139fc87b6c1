import type { CourseContent } from '../types.ts'

export const leadingASmallTeam: CourseContent = {
  slug: 'leading-a-small-team',
  title: 'Leading a Small Team',
  description:
    'Yesterday you were good at the work, today you are responsible for others who do it. For new leads of three to nine people: one-to-ones that are worth having, decisions that stick, honest feedback, and getting out of the way. Marta made most of the mistakes herself and names them.',
  category: 'business',
  difficulty: 'INTERMEDIATE',
  instructor: 'marta',
  tags: ['teamwork', 'communication'],
  price: { amount: 6_900, currency: 'EUR' },
  status: 'PUBLISHED',
  modules: [
    {
      title: 'The change of job',
      lessons: [
        {
          key: 'first-monday',
          title: 'The first Monday',
          kind: 'VIDEO',
          durationSeconds: 375,
          freePreview: true,
          body: "Marta's own first week as a lead, with the calendar as evidence. By Thursday she had become the bottleneck.",
        },
        {
          key: 'different-job',
          title: 'It is not the same job with meetings',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Your output used to be what you made. Now it is what the team makes, and whatever you do yourself counts only if nobody else could have done it.

That feels like loss. You were quick, and now you watch somebody take two days over what you could do before lunch. If you take it over, you win an afternoon and lose a colleague who would have been able to do it next time, and every time after that.

Keep your hands in, but off the critical path: small repairs, reviews, the boring tool that everyone needs. Never be the person whom all are waiting for.`,
        },
        {
          key: 'listen-first',
          title: 'Twenty questions for the first fortnight',
          kind: 'VIDEO',
          durationSeconds: 420,
          body: 'Ask everyone the same few things, write the answers down, and promise nothing yet.',
        },
      ],
    },
    {
      title: 'People',
      lessons: [
        {
          key: 'one-to-one',
          title: 'The one-to-one belongs to them',
          kind: 'ARTICLE',
          durationSeconds: 150,
          body: `Half an hour, every week or two, always at the same time, and cancelled only for fire. It is *their* meeting. If you use it to collect status, they will give you status, and you will hear about the resignation when it is typed.

Start with "what is on your mind?" and wait. The first answer is weather. The second is the topic. Useful when nothing comes: *what has slowed you down? Whom would you like to work with? What do I do that you wish I would stop?*

Write down what you promised, in front of them. Do it before the next one. That is how trust is made; there is no other recipe.`,
        },
        {
          key: 'feedback',
          title: 'Feedback that can be used',
          kind: 'VIDEO',
          durationSeconds: 530,
          prerequisites: ['one-to-one'],
          body: 'What I saw, what it did, what I would like. Three rehearsed conversations, one of which goes off the rails.',
        },
        {
          key: 'hard-conversation',
          title: 'The conversation you have been putting off',
          kind: 'VIDEO',
          durationSeconds: 570,
          required: false,
          prerequisites: ['feedback'],
          body: 'Preparing it in ten lines, having it in thirty minutes, and what to do on the day after.',
        },
      ],
    },
    {
      title: 'Work',
      lessons: [
        {
          key: 'decisions',
          title: 'Decide how you decide',
          kind: 'ARTICLE',
          durationSeconds: 135,
          prerequisites: ['different-job'],
          body: `Most quarrels about a decision are quarrels about who was entitled to make it. So say it beforehand: *I decide after hearing you*; *you decide and tell me*; *we all have to be able to live with it*. Use the last seldom. It is expensive and wonderful.

Then write three sentences: what was decided, why, and what would make us reconsider. Date it, and keep it where newcomers look.

Reversible decisions deserve an hour. Irreversible ones deserve a night's sleep and somebody who argues against. Teams often do it the other way round, and debate the colour of the door while they sign the lease.`,
        },
        {
          key: 'delegate',
          title: 'Handing over without dumping',
          kind: 'VIDEO',
          durationSeconds: 460,
          body: 'Say what good looks like, which limits are fixed, when to come back. Then sit on your hands, literally, on camera.',
        },
        {
          key: 'meetings',
          title: 'Fewer meetings, better ones',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `A meeting is for deciding, for thinking together or for repairing trust. Information travels better in writing; people read faster than you can talk, and they can do it on Tuesday.

So put a question in the title: not "Roadmap", but "What do we drop from the spring release?" Whoever has no part in answering is free to stay away, with no offence taken. Stop when it is answered, even after nine minutes.

Once a quarter delete every recurring meeting. Whatever is truly missed will be back within a week, and shorter.`,
        },
        {
          key: 'lead-notebook',
          title: 'A notebook for ninety days',
          kind: 'DOCUMENT',
          durationSeconds: 300,
          body: 'Prompts for each week, a page for every person, and a short list to reread when you are cross.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'The lesson on not being the fastest engineer any more hurt, in a good way. My team noticed within two weeks.',
  },
}

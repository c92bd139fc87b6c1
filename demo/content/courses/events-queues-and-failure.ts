import type { CourseContent } from '../types.ts'

export const eventsQueuesAndFailure: CourseContent = {
  slug: 'events-queues-and-failure',
  title: 'Events, Queues and Failure',
  description:
    'Anybody can send a message. What happens when it arrives twice, late, or not at all? An advanced course about outboxes, idempotent consumers, ordering and back pressure, in which we kill processes on purpose and count what is left. You should be at home in one server-side language and in SQL.',
  category: 'programming',
  difficulty: 'ADVANCED',
  instructor: 'marta',
  tags: ['architecture', 'databases', 'testing'],
  price: { amount: 9_900, currency: 'USD' },
  accessDays: 365,
  status: 'PUBLISHED',
  modules: [
    {
      title: 'The two generals in your office',
      lessons: [
        {
          key: 'lost-order',
          title: 'The order that was paid and never sent',
          kind: 'VIDEO',
          durationSeconds: 435,
          freePreview: true,
          body: 'One line between commit and publish, one power cut. We replay the incident step by step from its logs.',
        },
        {
          key: 'at-least-once',
          title: 'Why exactly once is a story about effects',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `A sender that hears no answer cannot know whether the message was lost or only the reply. It may give up (at most once) or try again (at least once). There is no third button, and no product that sells one.

What you *can* have is one effect. Deliver as often as you like, and let the receiver recognise what it has already done: a unique key per message, written in the same transaction as the effect. The second delivery then finds the key and does nothing.

So when somebody promises exactly-once delivery, ask where the key is stored, and whether it commits together with your data. The answer is the whole design.`,
        },
        {
          key: 'outbox',
          title: 'The outbox, built in forty lines',
          kind: 'VIDEO',
          durationSeconds: 605,
          prerequisites: ['lost-order'],
          body: 'State and message in one transaction, a relay that reads in order. Then we kill it between every two lines and compare the tables.',
        },
      ],
    },
    {
      title: 'Receiving',
      lessons: [
        {
          key: 'inbox',
          title: 'The inbox, and what belongs in its transaction',
          kind: 'VIDEO',
          durationSeconds: 530,
          prerequisites: ['at-least-once', 'outbox'],
          body: 'A consumer that sends mail from inside its transaction, why that is wrong, and where to move it.',
        },
        {
          key: 'ordering',
          title: 'Order is per thing, not per world',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `People ask for global order because it is easy to imagine. You rarely need it. That Ana's address changed before Bogdan's order was paid matters to nobody. That Ana's order was *paid* before it was *refunded* matters a great deal.

So choose a key, usually the id of the aggregate, and promise order within it. Messages of one key go through one lane; different keys run in parallel.

The price appears when one message cannot be handled. Skip it, and you have broken your promise. Wait, and its lane stands still. Park that key, let the others pass, and make the parked one visible to a person.`,
        },
        {
          key: 'poison',
          title: 'Poison messages',
          kind: 'VIDEO',
          durationSeconds: 460,
          body: 'Retry at once, retry later, park, drop: a decision tree, and the alarm that should go off at each branch.',
        },
      ],
    },
    {
      title: 'Under pressure',
      lessons: [
        {
          key: 'back-pressure',
          title: 'Back pressure: the art of saying later',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `A queue does not add capacity. It moves the waiting to a place where you cannot see it. If work arrives at eleven a second and leaves at ten, no queue is long enough; it only decides how old the answers are when they come.

So bound every queue and decide what happens at the bound: refuse with a clear "try in thirty seconds", shed the least valuable work, or slow down the producer. Measure the *age* of the oldest message rather than the length, because age is what users feel.

An honest refusal at the door beats a success that arrives tomorrow.`,
        },
        {
          key: 'sagas',
          title: 'Sagas and saying sorry',
          kind: 'VIDEO',
          durationSeconds: 680,
          required: false,
          prerequisites: ['ordering'],
          body: 'A trip with a flight, a hotel and a card that expires halfway. Compensation is a business decision, which is why engineers should not invent it alone.',
        },
      ],
    },
    {
      title: 'Proof',
      lessons: [
        {
          key: 'kill-dash-nine',
          title: 'A guarantee you can test',
          kind: 'VIDEO',
          durationSeconds: 750,
          prerequisites: ['inbox'],
          body: 'A program that kills ours at random a thousand times and then checks four invariants. The first version fails after nine minutes.',
        },
        {
          key: 'failure-checklist',
          title: 'Checklist: before you publish an event',
          kind: 'DOCUMENT',
          durationSeconds: 480,
          body: 'Naming, keys, versions, personal data, replay, retention: one page to go through with the team, and a worked example for a ticket shop.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment:
      'We crash-tested our own order service with the checklist and found three ways to charge a customer twice. Uncomfortable and excellent.',
  },
}

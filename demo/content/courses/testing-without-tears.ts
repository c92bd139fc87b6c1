import type { CourseContent } from '../types.ts'

export const testingWithoutTears: CourseContent = {
  slug: 'testing-without-tears',
  title: 'Testing without Tears',
  description:
    'Tests should let you change code on a Friday. If yours mostly break when nothing is wrong, this course is for you: what to test, at which height, and how to write tests that read like promises. We rescue one miserable suite together.',
  category: 'programming',
  difficulty: 'INTERMEDIATE',
  instructor: 'marta',
  tags: ['testing', 'typescript', 'hands-on'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'What a test is for',
      lessons: [
        {
          key: 'friday-afternoon',
          title: 'Friday afternoon',
          kind: 'VIDEO',
          durationSeconds: 330,
          freePreview: true,
          body: "Two teams get the same urgent change at four o'clock. One goes home at five. The difference is not how many tests they have.",
        },
        {
          key: 'promises-not-lines',
          title: 'Test promises, not lines',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Coverage tells you which lines ran, not whether anything was expected of them. A suite can touch every line and fail to notice that the total is wrong.

Write down what the code promises instead, as sentences a customer would nod at: *a voucher can be used once. An order that fails costs nothing. Two people cannot book the same seat.* Each sentence becomes a test, and the sentence becomes its name.

When it fails, the report then says what is broken in the world, "a voucher can be used once", and not that line 94 expected 3 and got 4.`,
        },
        {
          key: 'see-it-fail',
          title: 'Have you seen it fail?',
          kind: 'VIDEO',
          durationSeconds: 280,
          body: 'A green test that could never be red. We plant a bug, watch nothing happen, and repair the test first.',
        },
      ],
    },
    {
      title: 'At which height',
      lessons: [
        {
          key: 'heights',
          title: 'Unit, integration, journey',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `The small tests are quick and tell you exactly where it hurts. The large ones are slow and tell you whether it hurts at all. You need both, and the argument about percentages is less interesting than this question: *what is the smallest test that would catch this mistake?*

A rounding rule: a table of inputs and outputs, one function, microseconds. A query that forgets a tenant: the real database, no way around it. A login that works in every part and not as a whole: a journey through the front door.

Push each promise down as far as it will go while it can still fail for the right reason.`,
        },
        {
          key: 'mocks',
          title: 'What mocks hide',
          kind: 'VIDEO',
          durationSeconds: 495,
          prerequisites: ['heights'],
          body: 'A mocked payment provider that agrees to everything, and a bug that lived behind it for a year. When a fake is right, and how to keep it honest.',
        },
        {
          key: 'real-database',
          title: 'Tests against a real database, fast',
          kind: 'VIDEO',
          durationSeconds: 545,
          body: 'Starting PostgreSQL once, a transaction per test, templates for parallel runs: from four minutes to nineteen seconds.',
        },
      ],
    },
    {
      title: 'Rescuing a suite',
      lessons: [
        {
          key: 'flaky',
          title: 'Hunting a flaky test',
          kind: 'VIDEO',
          durationSeconds: 620,
          prerequisites: ['see-it-fail'],
          body: 'Fails one time in thirty, only in the evening. Clock, order, shared state, network: we go through the suspects and find two of them guilty.',
        },
        {
          key: 'no-sleep',
          title: 'Waiting without sleeping',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `\`sleep(500)\` is a bet that the machine will always be as fast as yours. Lose it and the test fails for no reason; win it and everybody has waited half a second for something that took twenty milliseconds.

Wait for the *condition*: poll until the row is there, subscribe to the event, await the promise that the code should have given you in the first place. Put a generous limit on it, and when the limit is reached, report what was there instead.

If there is nothing to wait for, the test has found something: your code has no way of saying that it is done.`,
        },
        {
          key: 'names-that-help',
          title: 'Names, builders and the reader of a failure',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `A test is read by somebody who is in a hurry and did not write it. Show them only what matters. If the case is about an expired voucher, the expiry should be visible and the customer's postal address should not:

    const voucher = aVoucher({ expiresAt: yesterday })

Builders with sensible defaults do this; a shared fixture of two hundred lines does the opposite, since nobody knows which of it counts.

One reason to fail per test, arranged in the order of the story: given, when, then. No loops, no conditions. A test that needs tests has gone too far.`,
        },
        {
          key: 'rescue-plan',
          title: 'Worksheet: rescue plan for your suite',
          kind: 'DOCUMENT',
          durationSeconds: 300,
          required: false,
          prerequisites: ['promises-not-lines', 'flaky'],
          body: 'A table for sorting your thirty slowest and thirty flakiest tests into keep, move down, rewrite, delete, with the questions that decide.',
        },
      ],
    },
  ],
  review: {
    stars: 4,
    comment:
      'Deleted a third of our tests after the chapter on mocks and the suite finds more bugs than before. The flaky-test video is gold.',
  },
}

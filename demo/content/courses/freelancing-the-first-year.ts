import type { CourseContent } from '../types.ts'

export const freelancingTheFirstYear: CourseContent = {
  slug: 'freelancing-the-first-year',
  title: 'Freelancing: The First Year',
  description:
    'Nobody tells you that a freelancer runs a small company with one tired employee. Month by month, this course goes through prices, offers, difficult clients, quiet weeks and taxes, with the letters and spreadsheets that Idris wishes he had had. Legal details differ by country; the arithmetic does not.',
  category: 'business',
  difficulty: 'BEGINNER',
  instructor: 'idris',
  tags: ['money', 'communication', 'writing'],
  price: { amount: 4_900, currency: 'EUR' },
  accessDays: 365,
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Before the first client',
      lessons: [
        {
          key: 'why-not',
          title: 'Three reasons not to',
          kind: 'VIDEO',
          durationSeconds: 360,
          freePreview: true,
          body: 'An honest conversation between Idris and a friend who went back to employment and is happy there.',
        },
        {
          key: 'day-rate',
          title: 'The day rate, done properly',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Begin with what you need in a year: living, rent, insurance, pension, equipment, tax. Say that it comes to €60,000.

Now the days. There are about 260 weekdays. Take off 25 for holidays, 10 for public ones, 10 for being ill, and you have 215. Of those you will sell perhaps **60 %**; the rest goes into offers, accounts, learning and looking out of the window. That leaves about 130 days.

60,000 ÷ 130 ≈ €460 a day, and this is the price at which you survive with no reserve. Add a fifth. If the figure scares you, check it against an employee's full cost rather than a salary.`,
        },
        {
          key: 'months-in-bank',
          title: 'Three months in the bank',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Money does not arrive when the work is done. It arrives when the client's client has paid, the person who signs is back from holiday, and the bank has had its weekend. Two months from the first hour to the first euro is usual.

So save three months of expenses before you start, in a separate account with an unfriendly name. Open a third account for tax, and move a fixed share of every payment into it on the day it comes in. Thirty per cent will do in most places until you know better.

Freelancers rarely fail for lack of work. They fail in the gap between work and money.`,
        },
      ],
    },
    {
      title: 'Getting work',
      lessons: [
        {
          key: 'first-three',
          title: 'Where the first three clients come from',
          kind: 'VIDEO',
          durationSeconds: 430,
          body: 'Former colleagues, neighbours of your trade, and one brave letter. Almost never a portfolio.',
        },
        {
          key: 'offer',
          title: 'An offer that gets read',
          kind: 'VIDEO',
          durationSeconds: 520,
          prerequisites: ['day-rate'],
          body: 'One page: what you understood, what they will have, what it costs, what it does not include, until when.',
        },
        {
          key: 'saying-price',
          title: 'Saying the price aloud',
          kind: 'ARTICLE',
          durationSeconds: 135,
          prerequisites: ['day-rate'],
          body: `Say the number, and then stop talking. The silence that follows lasts two seconds and feels like a winter. Whoever fills it with "but of course we could…" has just given a discount to somebody who was looking for a pen.

If it is too much for them, do not lower the price: reduce the work. "For that budget I can do the first two parts." You remain somebody whose prices mean something, and they choose.

Practise in front of a mirror, or in the car. The number has to come out in the voice in which you tell your telephone number.`,
        },
      ],
    },
    {
      title: 'Keeping going',
      lessons: [
        {
          key: 'scope',
          title: '"Could you just…"',
          kind: 'VIDEO',
          durationSeconds: 450,
          prerequisites: ['offer'],
          body: 'The small extra wish, in five versions, and five friendly answers. You are allowed to say yes, as long as it has a number.',
        },
        {
          key: 'late-payment',
          title: 'When they do not pay',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Most late payers are disorganised rather than wicked, so start with kindness and dates. On day one after the due date, a short note: *perhaps it slipped through?* On day ten, a call to accounts, not to your contact. On day twenty, a letter that names the law, the interest and the day on which you stop work.

Then do stop. Nothing else is as clear.

Next time, prevent it. A third in advance, a third midway, invoices on the day of delivery, the order number on every page. Clients who refuse an advance are telling you something useful, and free of charge.`,
        },
        {
          key: 'quiet-weeks',
          title: 'Quiet weeks',
          kind: 'VIDEO',
          durationSeconds: 350,
          body: 'They come, usually in February. A list of things to do that are better than panicking, tested by six freelancers.',
        },
      ],
    },
    {
      title: 'The drawer',
      lessons: [
        {
          key: 'letters-pack',
          title: 'Letters and sheets',
          kind: 'DOCUMENT',
          durationSeconds: 360,
          body: 'Rate calculator, offer, reminder letters, a simple contract to take to a lawyer, and a table for the year.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'Raised my rate after lesson three with the exact sentence from the handout. The client said "fine". FINE!',
  },
}

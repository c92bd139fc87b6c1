import type { CourseContent } from '../types.ts'

export const spanishVerbsCalmly: CourseContent = {
  slug: 'spanish-verbs-calmly',
  title: 'Spanish Verbs, Calmly',
  description:
    'If you can order a coffee in Spanish but go quiet as soon as something happened yesterday, start here. Past tenses, moods and the two verbs "to be" come one at a time, each from a story that needs it. Few tables, many breaths.',
  category: 'languages',
  difficulty: 'INTERMEDIATE',
  instructor: 'amelie',
  tags: ['conversation', 'writing', 'fundamentals'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'To be, twice',
      lessons: [
        {
          key: 'ser-estar-story',
          title: 'The soup is boring, the soup is bored',
          kind: 'VIDEO',
          durationSeconds: 390,
          freePreview: true,
          body: '*Es aburrida*, *está aburrida*: one story in which the wrong verb causes a small scandal.',
        },
        {
          key: 'ser-estar-rule',
          title: 'Ser is what, estar is how',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Forget "permanent and temporary"; it fails at once, because *está muerto* (he is dead) uses the temporary one.

Try this. **Ser** says *what* something is: identity, origin, material, profession, time. *Soy médica. Es de madera. Son las tres.* **Estar** says *how* or *where* it finds itself, the state you would discover by looking: *está abierto, está en casa, estoy cansada*.

So *es guapo* means he is a handsome man, and *está guapo*, that he looks handsome today, perhaps to everyone's surprise. An event is a special case: the party *es* in my house, since it takes place there and does not stand about.`,
        },
      ],
    },
    {
      title: 'Yesterday',
      lessons: [
        {
          key: 'photograph-film',
          title: 'A photograph or a film',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Spanish has two everyday pasts and uses them like a camera. The *indefinido* takes photographs: it happened, click, done. *Llegué, vi, comí.* The *imperfecto* lets the film run, with no beginning or end in view: *llovía, la gente hablaba, yo tenía diez años*.

A story needs both. *Llovía* (film) *cuando llegó Marta* (click). Turn it round, *llovió cuando llegaba Marta*, and it started raining while she was still on her way.

Do not translate from English, which has one form for both. Ask instead: am I setting the scene, or moving the story on?`,
        },
        {
          key: 'indefinido',
          title: 'The irregular ones, by family',
          kind: 'VIDEO',
          durationSeconds: 480,
          body: '*Tuve, estuve, pude, puse, supe, hice, quise, vine, dije, traje*: learned as a rhyme in which all of them share nearly the same endings.',
        },
        {
          key: 'tell-a-day',
          title: 'Telling a day that went wrong',
          kind: 'VIDEO',
          durationSeconds: 440,
          prerequisites: ['photograph-film', 'indefinido'],
          body: 'A missed train, a wrong suitcase. Listen, then retell it with the pictures only.',
        },
        {
          key: 'have-done',
          title: "He comido: today's past",
          kind: 'ARTICLE',
          durationSeconds: 105,
          body: `*He comido* looks like "I have eaten" and in much of Spain is used for anything in a time that is not over: *hoy, esta semana, este año*. *Esta mañana he perdido las llaves*, this morning I lost my keys.

Cross the Atlantic, and most speakers say *esta mañana perdí las llaves*. Both are right at home. If you learn Spanish for Mexico or Argentina, you can use the indefinido nearly everywhere and keep *he comido* for "up to now": *nunca he comido pulpo*.

Understand both, speak one.`,
        },
      ],
    },
    {
      title: 'Wishes and doubts',
      lessons: [
        {
          key: 'subjunctive-why',
          title: 'What the subjunctive is for',
          kind: 'VIDEO',
          durationSeconds: 465,
          body: 'Not a tense but a stance: you do not state the thing, you want it, doubt it or feel something about it.',
        },
        {
          key: 'subjunctive-form',
          title: 'Swapping the vowels',
          kind: 'ARTICLE',
          durationSeconds: 120,
          prerequisites: ['subjunctive-why'],
          body: `The form is less work than its fame suggests. Take the *yo* form of the present, drop the *o*, and use the opposite vowel: verbs in *-ar* get *e*, the others get *a*.

*Hablo* gives *hable*, *como* gives *coma*, *tengo* gives *tenga*, *digo* gives *diga*. Whatever is irregular in *yo* comes along free of charge. Six do not play: *sea, esté, haya, vaya, sepa, dé*.

Use it first where it never fails, after *quiero que*, *espero que* and *ojalá*: *quiero que vengas*, I want you to come. Say ten wishes about your neighbours. Be generous.`,
        },
        {
          key: 'verb-map',
          title: 'One map for all of it',
          kind: 'DOCUMENT',
          durationSeconds: 360,
          body: 'A single sheet with tenses as places and arrows for the questions that lead from one to another.',
        },
      ],
    },
  ],
  review: {
    stars: 4,
    comment: 'The photograph and film idea for the two past tenses finally settled it for me. A few more exercises would be welcome.',
  },
}

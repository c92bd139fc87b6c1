/** What the demo school consists of, shaped for the mutations of schema/courses.graphql that play it in. */

export interface CategoryContent {
  slug: string
  name: string
}

export interface InstructorContent {
  /** What courses call this person by. */
  key: string
  email: string
  name: string
  speciality: string
  bio: string
}

export interface LearnerContent {
  email: string
  name: string
}

export interface CourseContent {
  slug: string
  title: string
  description: string
  /** A slug of categories.ts. */
  category: string
  difficulty: 'BEGINNER' | 'INTERMEDIATE' | 'ADVANCED'
  /** A key of instructors.ts. */
  instructor: string
  /** Names of tags.ts. */
  tags: readonly string[]
  /** Free without it. In minor units, like `MoneyInput`. */
  price?: { amount: number; currency: 'EUR' | 'USD' | 'JPY' }
  /** Access never ends without it. */
  accessDays?: number
  /** Where the course stands once the school is built: ARCHIVED has been published before. */
  status: 'DRAFT' | 'PUBLISHED' | 'ARCHIVED'
  modules: readonly ModuleContent[]
  /** What one learner says of this very course. */
  review: ReviewContent
}

export interface ModuleContent {
  title: string
  lessons: readonly LessonContent[]
}

export interface LessonContent {
  /** Unique within the course. */
  key: string
  title: string
  /** A quiz needs questions, which the quizzes domain owns: the demo has none here. */
  kind: 'VIDEO' | 'ARTICLE' | 'DOCUMENT'
  durationSeconds: number
  body: string
  /** True without it. */
  required?: boolean
  /** False without it. */
  freePreview?: boolean
  /** Keys of earlier lessons of the same course. */
  prerequisites?: readonly string[]
}

export interface ReviewContent {
  stars: 1 | 2 | 3 | 4 | 5
  comment: string
}

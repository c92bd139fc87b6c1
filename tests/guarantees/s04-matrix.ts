import { accounts } from './s04/accounts.ts'
import { authoring } from './s04/authoring.ts'
import { courses } from './s04/courses.ts'
import { enrollments } from './s04/enrollments.ts'
import type { Visit } from './s04/outcomes.ts'
import { payments } from './s04/payments.ts'
import { progress } from './s04/progress.ts'

/**
 * Who sees what: every field that clients see, for every kind of viewer. Each visit asks for the fields of one type, in the
 * place of `*`; `$names` are filled in by the test. `rows` names each field of that type once per visit; a field of
 * the schema that stands in no row fails the build, so whoever adds one decides here who may see it.
 */
export const visits: readonly Visit[] = [...accounts, ...courses, ...authoring, ...enrollments, ...progress, ...payments]

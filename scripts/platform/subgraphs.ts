import { auth } from '@stellr/auth'
import { courses } from '@stellr/courses'
import { enrollments } from '@stellr/enrollments'
import type { Subgraph } from '@stellr/kit'
import { payments } from '@stellr/payments'
import { progress } from '@stellr/progress'
import type { Domain } from '@stellr/schema'
import { users } from '@stellr/users'

/** Every domain's program. */
export const subgraphs: Record<Domain, Subgraph> = { auth, users, courses, enrollments, progress, payments }

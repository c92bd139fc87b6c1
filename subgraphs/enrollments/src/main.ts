import { serve } from '@stellr/kit'
import { enrollments } from './index.ts'

await serve(enrollments)

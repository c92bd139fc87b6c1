import { serve } from '@stellr/kit'
import { courses } from './index.ts'

await serve(courses)

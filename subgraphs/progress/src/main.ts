import { serve } from '@stellr/kit'
import { progress } from './index.ts'

await serve(progress)

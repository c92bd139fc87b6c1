import { serve } from '@stellr/kit'
import { payments } from './index.ts'

await serve(payments)

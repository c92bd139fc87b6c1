import { serve } from '@stellr/kit'
import { users } from './index.ts'

await serve(users)

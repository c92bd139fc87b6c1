import { serve } from '@stellr/kit'
import { auth } from './index.ts'

await serve(auth)

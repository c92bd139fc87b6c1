import { environment } from '@stellr/kit'
import { browserProgram } from './browser/program.ts'

// Fetches the browser that tests use, unless it is here already, and says where it is: pnpm browser
const { path } = await browserProgram(environment(), console.log)
console.log(path)

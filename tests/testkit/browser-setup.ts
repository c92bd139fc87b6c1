import { environment } from '@stellr/kit'
import type { TestProject } from 'vitest/node'
import { whyNoBrowser } from '../../scripts/browser/program.ts'

declare module 'vitest' {
  interface ProvidedContext {
    browser: 'required' | 'possible' | 'none'
  }
}

/** Says whether a browser can be run here; the first test that needs it fetches it. Left out otherwise, unless STELLR_BROWSER=required. */
export async function setup(project: TestProject): Promise<void> {
  const env = environment()
  const reason = await whyNoBrowser(env)
  const isRequired = env['STELLR_BROWSER'] === 'required'
  if (reason !== null && isRequired) throw new Error(`The tests in a browser are required, but ${reason}.`)
  project.provide('browser', isRequired ? 'required' : reason === null ? 'possible' : 'none')
  if (reason !== null)
    console.log(`The tests in a browser are left out: ${reason}. With CHROME_BIN set to a Chromium, npm test runs them too.`)
}

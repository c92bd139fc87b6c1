import { environment } from '@stellr/kit'
import { chromium, type Browser } from 'playwright-core'
import { inject } from 'vitest'
import { BrowserMissingError, browserProgram } from '../../scripts/browser/program.ts'

/** Whether a browser may be had here, if need be after it has been fetched. */
export function mayHaveBrowser(): boolean {
  return inject('browser') !== 'none'
}

/** A browser without a window; null when it cannot be fetched now and is not required, having said so. */
export async function openBrowser(): Promise<Browser | null> {
  try {
    const { path, env } = await browserProgram(environment(), console.log)
    // Without the one of a real screen, which no machine for tests has.
    return await chromium.launch({ executablePath: path, env, args: ['--disable-gpu'] })
  } catch (error) {
    if (!(error instanceof BrowserMissingError) || inject('browser') === 'required') throw error
    console.log(`The tests in a browser are left out: ${error.message}`)
    return null
  }
}

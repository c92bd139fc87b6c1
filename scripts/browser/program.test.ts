import { expect, test } from 'vitest'
import { browserProgram, whyNoBrowser } from './program.ts'

test('what is missing is said, and what to do', async () => {
  const nothing = { PATH: '/nowhere', XDG_CACHE_HOME: '/nowhere' }
  expect(await whyNoBrowser(nothing)).toMatch(/npm .* and CHROME_BIN names none/)
  await expect(browserProgram(nothing)).rejects.toThrow('Install a Chromium or Chrome, and set CHROME_BIN')
  await expect(browserProgram({ ...nothing, CHROME_BIN: '/nowhere' })).rejects.toThrow('CHROME_BIN is /nowhere, which is not there')
})

test('the browser that CHROME_BIN names is the one', async () => {
  const env = { CHROME_BIN: process.execPath, XDG_CACHE_HOME: '/nowhere' }
  expect(await whyNoBrowser(env)).toBeNull()
  expect(await browserProgram(env)).toEqual({ path: process.execPath, env })
})

import { command, onAuth } from './auth-command.ts'

await command(() =>
  onAuth(async ({ services }) => {
    const kid = await services.keys.rotate()
    console.log(
      `Key ${kid} is published now and signs in ${services.settings.keyActivationSeconds} s; the one before verifies until its last token has expired.`,
    )
  }),
)

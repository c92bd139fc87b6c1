import { ask, runContest } from './contest.ts'

// pnpm bench:me [seconds] [rounds]: `me`, two subgraphs and four tables.
await runContest({
  title: '`me` over two subgraphs',
  query: '{ me { id name email role status profile { bio locale timeZone } preferences { language } onboarding { remainingSteps } } }',
  proof: 'ada@example.org',
  async prepare(url) {
    const input = { email: 'ada@example.org', password: 'correct horse battery', name: 'Ada' }
    const { data } = await ask(
      url,
      'mutation ($input: RegisterInput!) { register(input: $input) { accessToken user { id } } }',
      {},
      { input },
    )
    return { accessToken: data.register.accessToken, id: data.register.user.id }
  },
})

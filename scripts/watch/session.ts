import { z } from 'zod'

/** Where an access token comes from. */
export interface TokenSource {
  /** A token; another one than before when that was refused. Null for nobody. Rejects when there is none to be had. */
  token(wasRefused: boolean): Promise<string | null>
}

export class SignInRefused extends Error {}

const LOGIN =
  'mutation ($identifier: String!, $password: String!) { signIn: login(input: { identifier: $identifier, password: $password }) { accessToken refreshToken } }'
const REFRESH =
  'mutation ($refreshToken: String!) { signIn: refreshSession(input: { refreshToken: $refreshToken }) { accessToken refreshToken } }'
/** Access tokens live five minutes; one that is about to expire would only be refused. */
const FRESH_FOR_MS = 240_000

const answer = z.object({
  data: z.object({ signIn: z.object({ accessToken: z.string(), refreshToken: z.string() }).nullable() }).nullish(),
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })).default([]),
})

/** One token, good for as long as it is. */
export function fixedToken(token: string | null): TokenSource {
  return {
    async token(wasRefused) {
      if (wasRefused) throw new SignInRefused('the access token is not accepted (any more)')
      return token
    },
  }
}

/** Signs in when first asked, refreshes what grows old, and signs in again when the session has ended. */
export function signedIn(url: string, identifier: string, password: string): TokenSource {
  let held: { accessToken: string; refreshToken: string; at: number } | null = null

  const ask = async (query: string, variables: Record<string, string>) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return answer.parse(await response.json())
  }
  const signIn = async () => {
    const { data, errors } = await ask(LOGIN, { identifier, password })
    if (data?.signIn) return data.signIn
    throw new SignInRefused(errors.map(({ message }) => message).join(' '))
  }
  return {
    async token(wasRefused) {
      if (held && !wasRefused && Date.now() - held.at < FRESH_FOR_MS) return held.accessToken
      const refreshed = held && (await ask(REFRESH, { refreshToken: held.refreshToken })).data?.signIn
      held = { ...(refreshed ?? (await signIn())), at: Date.now() }
      return held.accessToken
    },
  }
}

import type { Environment } from '@stellr/kit'

export interface Whereabouts {
  /** Where the one endpoint listens. */
  url: string
  /** Where it tells its metrics. */
  metricsUrl: string | null
  /** Other addresses that are worth knowing, by name. */
  others?: Record<string, string>
  /** Where the data are; null when the databases are elsewhere. */
  dataDir: string | null
  env: Environment
  /** Whether the demo school is there. */
  demo: boolean
}

const search = '{ courses(search: "design", first: 3) { edges { node { title rating price { amount currency } instructor { name } } } } }'
const register = `mutation { register(input: { email: "ada@example.org", password: "correct horse battery", name: "Ada" }) { accessToken user { id name } } }`

/** What somebody who has just started the platform wants to know. */
export function greeting({ url, metricsUrl, others = {}, dataDir, env, demo }: Whereabouts): string {
  const admin = env['STELLR_ADMIN_EMAIL']
  const lines = [
    ['Endpoint', `${url}/graphql`],
    ...Object.entries(others),
    ['Health', `${url}/readyz   metrics: ${metricsUrl ?? 'none'}`],
    ['Data', dataDir ?? 'in the databases that the environment names'],
    [
      'Accounts',
      demo
        ? 'learner@stellr.test, instructor@stellr.test, admin@stellr.test; password stellr-demo'
        : `learners sign up by register; ${admin ? `${admin} administers` : 'make an administrator by npx pnpm@12 admin:create <email>'}`,
    ],
    ['Log', 'here; LOG_LEVEL=info says more'],
  ]
  return [
    '',
    ...lines.map(([name = '', value = '']) => `  ${name.padEnd(10)} ${value}`),
    '',
    '  A first query to paste:',
    '',
    `curl ${url}/graphql -H 'content-type: application/json' -d '${JSON.stringify({ query: demo ? search : register })}'`,
    '',
  ].join('\n')
}

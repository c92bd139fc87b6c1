import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { subgraphs } from '../../scripts/platform/subgraphs.ts'
import { startBare, viewerFrom } from './bare.ts'

// One subgraph as Apollo's documentation shows it: a standalone server that believes a header of the gateway's.
const [name = '', port = '0'] = process.argv.slice(2)
const program = Object.values(subgraphs).find((candidate) => candidate.name === name)
if (!program) throw new Error(`there is no subgraph ${name}`)
const running = await startBare(program, process.env)
const server = new ApolloServer({ schema: running.schema })
await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(port) },
  context: async ({ req }) =>
    running.context({
      viewer: viewerFrom(req.headers['x-viewer']),
      caller: { ipAddress: null, userAgent: null },
      signal: new AbortController().signal,
    }),
})

import { CORRELATION_HEADER, DomainError, TRACE_HEADER } from '@stellr/kit'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

const PREFLIGHT_SECONDS = 600

/** Headers that keep browsers from doing more with our answers than reading them, and from reading them elsewhere. */
export async function secure(app: FastifyInstance, { corsOrigins }: { corsOrigins: readonly string[] }): Promise<void> {
  // The libraries behind Apollo's adapter build a URL from the Host header and fail on one that is none.
  app.addHook('onRequest', async (request) => {
    if (!URL.canParse(`http://${request.host}/`)) throw new DomainError('BAD_REQUEST')
  })
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
    // For browsers that nobody uses any more, or said better by the policy above.
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    xFrameOptions: false,
    originAgentCluster: false,
  })
  if (corsOrigins.length === 0) return
  await app.register(cors, {
    origin: [...corsOrigins],
    methods: ['GET', 'POST'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'apollo-require-preflight',
      'x-apollo-operation-name',
      CORRELATION_HEADER,
      TRACE_HEADER,
    ],
    exposedHeaders: [CORRELATION_HEADER, 'retry-after'],
    // Who asks is said by a header that scripts must set; cookies mean nothing here.
    credentials: false,
    maxAge: PREFLIGHT_SECONDS,
  })
}

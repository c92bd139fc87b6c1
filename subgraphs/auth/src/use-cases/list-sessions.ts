import { type Connection, momentKey, page, type PageArgs, requireUser } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { SessionRow } from '../models.ts'

const newestFirst = {
  name: 'sessions',
  key: z.tuple([momentKey, z.uuid()]),
  of: ({ createdAt, id }: SessionRow): [string, string] => [createdAt.toISOString(), id],
}

/** The caller's live sessions, newest first. */
export async function listSessions({ clock, store, viewer }: Context, args: PageArgs): Promise<Connection<SessionRow>> {
  const user = requireUser(viewer)
  return page(args, newestFirst, async ({ limit, after }) => {
    const last = after && { createdAt: new Date(after[0]), id: after[1] }
    return store.liveSessions(user.id, clock.now(), limit, last)
  })
}

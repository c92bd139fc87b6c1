import { type Connection, momentKey, page, type PageArgs } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { ProfileRow, UserRef } from '../models.ts'

const order = {
  name: 'users',
  key: z.tuple([momentKey, z.uuid()]),
  of: ({ id, profile }: Required<UserRef>): [string, string] => [profile.createdAt.toISOString(), id],
}

/** Everyone, newest first. The SDL lets administrators in only. */
export function listUsers({ store }: Context, args: PageArgs): Promise<Connection<UserRef>> {
  return page(args, order, async (query) => (await store.profiles(query)).map(toUser))
}

function toUser(profile: ProfileRow): Required<UserRef> {
  return { id: profile.userId, profile }
}

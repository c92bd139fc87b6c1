import { NotYet, on } from '@stellr/kit'
import { UserFirstLogin, UserRegistered, UserRoleChanged } from '@stellr/schema/events/auth'
import type { Store } from './store.ts'

export const onUserRegistered = on<typeof UserRegistered, Store>(UserRegistered, async (event, tx) => {
  const { userId, name, role, firstLoginAt } = event.data
  const person = {
    userId,
    name,
    role,
    accountVersion: event.aggregateversion,
    firstLoginAt: firstLoginAt === null ? null : new Date(firstLoginAt),
  }
  await tx.addPerson(person, new Date(event.time))
})

export const onRoleChanged = on<typeof UserRoleChanged, Store>(UserRoleChanged, async (event, tx) => {
  if (!(await tx.setRole(event.data.userId, event.data.to, event.aggregateversion))) throw new NotYet('the profile is not there')
})

export const onFirstLogin = on<typeof UserFirstLogin, Store>(UserFirstLogin, async (event, tx) => {
  if (!(await tx.setFirstLogin(event.data.userId, new Date(event.data.at)))) throw new NotYet('the person is not there')
})

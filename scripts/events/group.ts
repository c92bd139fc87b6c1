import type { DomainEvents } from '@stellr/kit'
import { Refusal } from './command.ts'
import type { Desk } from './desk.ts'

export function groupOf({ domains }: Desk, group: string): DomainEvents {
  const domain = domains.find(({ name }) => name === group)
  if (!domain) throw new Refusal(`No group is called ${group}`)
  return domain
}

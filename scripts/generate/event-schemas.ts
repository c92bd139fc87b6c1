import { messageOf, type EventDef } from '@stellr/kit'
import { z } from 'zod'

/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>

/** The JSON Schema (draft 7) of an event's whole message, as it travels. */
export function messageSchema(event: EventDef): Schema {
  return jsonSchema(messageOf(event))
}

/** What a reader by this contract accepts. Throws where JSON Schema cannot say what the contract says. */
export function jsonSchema(contract: z.ZodType): Schema {
  return z.toJSONSchema(contract, {
    target: 'draft-7',
    io: 'input',
    override({ jsonSchema }) {
      // Where the format says it all, its expression is only long; that a time is in UTC no format says.
      if (jsonSchema.pattern === patterns.moment) jsonSchema.pattern = 'Z$'
      if (jsonSchema.pattern === patterns.id) delete jsonSchema.pattern
      // Unknown fields are welcome, which is what nothing says too.
      if (isEmpty(jsonSchema.additionalProperties)) delete jsonSchema.additionalProperties
    },
  })
}

const patterns = { moment: z.toJSONSchema(z.iso.datetime()).pattern, id: z.toJSONSchema(z.uuid()).pattern }

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

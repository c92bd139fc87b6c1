import { defineStore } from '@stellr/kit'
import { PrismaClient, type Prisma } from './generated/prisma/client.ts'

export type Store = ReturnType<typeof build>

export const store = defineStore(PrismaClient, build)

function build(_db: Prisma.TransactionClient) {
  return {}
}

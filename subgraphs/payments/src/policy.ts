import { isAdmin, isUser, type Viewer } from '@stellr/kit'

/** A payment is the payer's and the administrators' business, and nobody else's: not the instructor's. */
export function maySeePayments(viewer: Viewer, userId: string): boolean {
  return isUser(viewer, userId) || isAdmin(viewer)
}

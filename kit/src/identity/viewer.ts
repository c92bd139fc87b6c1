import { DomainError } from '../graphql/errors.ts'

export type Role = 'STUDENT' | 'INSTRUCTOR' | 'ADMIN'

export interface AnonymousViewer {
  kind: 'anonymous'
}

/** A person whose access token the router has verified. */
export interface UserViewer {
  kind: 'user'
  id: string
  role: Role
  /** What the token allows: `learn`, `author`, `admin`. */
  scopes: readonly string[]
  sessionId: string
}

/** Another part of the platform, asking on its own behalf. */
export interface ServiceViewer {
  kind: 'service'
  name: string
}

/** Who is asking. Proved by the router; whether they may is decided by each subgraph's policy. */
export type Viewer = AnonymousViewer | UserViewer | ServiceViewer

export const anonymous: AnonymousViewer = { kind: 'anonymous' }

/** The person who is asking. Throws UNAUTHENTICATED when it is not a person. */
export function requireUser(viewer: Viewer): UserViewer {
  if (viewer.kind !== 'user') throw new DomainError('UNAUTHENTICATED')
  return viewer
}

export function isUser(viewer: Viewer, userId: string): boolean {
  return viewer.kind === 'user' && viewer.id === userId
}

/** Whether the viewer is a person whose access token allows this: `learn`, `author` or `admin`. */
export function hasScope(viewer: Viewer, scope: string): boolean {
  return viewer.kind === 'user' && viewer.scopes.includes(scope)
}

export function isAdmin(viewer: Viewer): boolean {
  return hasScope(viewer, 'admin')
}

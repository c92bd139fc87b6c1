import { hkdfSync } from 'node:crypto'

/** A 32-byte key for one purpose (HKDF-SHA256, RFC 5869): knowing one gives neither the secret nor another. */
export function deriveKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, 'stellr:auth', purpose, 32))
}

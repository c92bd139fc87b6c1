import {
  calculateJwkThumbprint,
  compactDecrypt,
  CompactEncrypt,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose'
import { z } from 'zod'

const ALGORITHM = 'EdDSA'

const publicJwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })

export type PublicJwk = z.output<typeof publicJwk> & { kid: string; alg: string; use: string }

export interface KeyMaterial {
  /** The key's thumbprint (RFC 7638), so that no two keys ever share one. */
  id: string
  publicJwk: PublicJwk
  /** The private JWK, encrypted (JWE, RFC 7516). */
  privateJwe: string
}

/** A new Ed25519 key, its private half encrypted. */
export async function makeKey(encryptionKey: Uint8Array): Promise<KeyMaterial> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true })
  const secret = await exportJWK(privateKey)
  const open = publicJwk.parse(secret)
  const id = await calculateJwkThumbprint(open)
  const privateJwe = await new CompactEncrypt(Buffer.from(JSON.stringify(secret)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: id })
    .encrypt(encryptionKey)
  return { id, publicJwk: { ...open, kid: id, alg: ALGORITHM, use: 'sig' }, privateJwe }
}

/** The private key to sign with. Throws when it was encrypted with another key, or for another id. */
export async function openKey({ id, privateJwe }: Pick<KeyMaterial, 'id' | 'privateJwe'>, encryptionKey: Uint8Array): Promise<CryptoKey> {
  const { plaintext, protectedHeader } = await compactDecrypt(privateJwe, encryptionKey, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  })
  if (protectedHeader.kid !== id) throw new Error(`the encrypted key is not ${id}`)
  const jwk: JWK = JSON.parse(Buffer.from(plaintext).toString('utf8'))
  const key = await importJWK(jwk, ALGORITHM)
  if (key instanceof Uint8Array) throw new Error(`${id} is not an Ed25519 key`)
  return key
}

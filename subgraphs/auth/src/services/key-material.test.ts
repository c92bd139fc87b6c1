import { compactVerify, importJWK, CompactSign } from 'jose'
import { expect, test } from 'vitest'
import { makeKey, openKey } from './key-material.ts'
import { deriveKey } from './secrets.ts'

const encryptionKey = deriveKey('a secret of at least 32 characters', 'signing-keys')

test('what the private key signs, the published key verifies', async () => {
  const made = await makeKey(encryptionKey)
  const jws = await new CompactSign(Buffer.from('hello')).setProtectedHeader({ alg: 'EdDSA' }).sign(await openKey(made, encryptionKey))
  const { payload } = await compactVerify(jws, await importJWK(made.publicJwk))
  expect(Buffer.from(payload).toString()).toBe('hello')
})

test('nothing of the private key is published or stored in the open', async () => {
  const made = await makeKey(encryptionKey)
  expect(Object.keys(made.publicJwk).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  expect(made.privateJwe.split('.')).toHaveLength(5)
})

test('another secret opens nothing, and no key passes for another', async () => {
  const [one, two] = await Promise.all([makeKey(encryptionKey), makeKey(encryptionKey)])
  await expect(openKey(one, deriveKey('another secret of 32 characters or so', 'signing-keys'))).rejects.toThrow('decryption')
  await expect(openKey({ id: one.id, privateJwe: two.privateJwe }, encryptionKey)).rejects.toThrow(one.id)
})

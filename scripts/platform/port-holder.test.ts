import { once } from 'node:events'
import { createServer } from 'node:net'
import { freePort } from '@stellr/kit'
import { expect, test } from 'vitest'
import { portHolder, requireFreePort } from './port-holder.ts'

test('a taken port says who has it and how to choose another', async () => {
  const port = await freePort()
  await requireFreePort(port)
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  try {
    const refusal = requireFreePort(port)
    await expect(refusal).rejects.toThrow(`PORT=${port + 1} npm start`)
    await expect(requireFreePort(port, 'METRICS_PORT')).rejects.toThrow(`METRICS_PORT=${port + 1} npm start`)
    if (process.platform === 'linux') await expect(refusal).rejects.toThrow(`process ${process.pid} (node`)
  } finally {
    server.close()
  }
})

test.runIf(process.platform === 'linux')('nobody holds a free port', async () => {
  expect(portHolder(await freePort())).toBeNull()
})

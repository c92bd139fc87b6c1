import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Step } from './steps.ts'

/** The Prisma client of one domain. */
export function prismaClient(domain: string): Step {
  return client(domain, `prisma/${domain}/schema.prisma`, `subgraphs/${domain}/src/generated/prisma`)
}

/** The Prisma client of the small domain with which kit tests itself. */
export const fixtureClient = client('fixture', 'kit/src/testing/fixture/schema.prisma', 'kit/src/testing/generated/fixture')

function client(name: string, schema: string, output: string): Step {
  return {
    name: `prisma ${name}`,
    inputs: [schema, 'node_modules/prisma/package.json', 'scripts/generate/prisma-client.ts'],
    outputs: [output],
    run: (root) => prismaGenerate(root, schema),
  }
}

async function prismaGenerate(root: string, schema: string): Promise<void> {
  const cli = join(root, 'node_modules/prisma/build/index.js')
  // Prisma would download a schema engine that generating never uses; any executable satisfies it.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' }
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, [cli, 'generate', '--schema', schema], { cwd: root, env }, (error, stdout, stderr) => {
      if (error) reject(new Error(`prisma generate failed:\n${stderr || stdout || error.message}`))
      else resolve()
    })
  })
}

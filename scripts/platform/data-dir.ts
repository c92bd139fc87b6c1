import { z } from 'zod'

/** Where everything is kept that is started on this machine. */
export const dataDirConfig = z.object({
  dataDir: z.string().default('.stellr').meta({ env: 'STELLR_DATA_DIR', description: 'Folder for everything that the platform keeps' }),
})

import { defineConfig } from 'prisma/config'

// For the Prisma command line only: PRISMA_DOMAIN says which domain, MIGRATE_URL and SHADOW_URL where its databases are.
// The platform itself applies migrations with kit's migrator. Prisma reads its configuration from a default export.
const { PRISMA_DOMAIN: domain = 'auth', MIGRATE_URL: url, SHADOW_URL: shadowDatabaseUrl } = process.env

export default defineConfig({
  schema: `../prisma/${domain}/schema.prisma`,
  migrations: { path: `../prisma/${domain}/migrations` },
  datasource: { url: url ?? '', shadowDatabaseUrl },
})

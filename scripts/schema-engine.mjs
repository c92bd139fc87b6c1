#!/usr/bin/env node
// Stands in for Prisma's schema engine, whose native program is a download outside the package registry. It speaks the same
// JSON-RPC over standard input and output, and answers with the same engine compiled to WebAssembly.
// Use: PRISMA_SCHEMA_ENGINE_BINARY=scripts/schema-engine.mjs prisma migrate ...
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'

const { values: options, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { datasource: { type: 'string' }, datamodels: { type: 'string', multiple: true }, version: { type: 'boolean', short: 'V' } },
})
const datasource = JSON.parse(options.datasource ?? '{}')
// Comparing two files needs no database, but the engine insists on an address.
const databaseUrl = datasource.url ?? datasource.shadowDatabaseUrl ?? 'postgresql://nobody@127.0.0.1:1/none'
const home = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
const commit = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  .version.split('.')
  .pop()

// The short commands before the JSON-RPC ones: Prisma reads their outcome from log lines, and skips the first.
async function runCommand(command) {
  const say = (level, fields) =>
    process.stderr.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, target: 'schema_engine::logger', fields })}\n`)
  const commands = {
    'can-connect-to-database': () => query(databaseUrl, 'SELECT 1'),
    'create-database': () => createDatabase(databaseUrl),
    'drop-database': () => dropDatabase(databaseUrl),
  }
  say('INFO', { message: 'Starting schema engine CLI', git_hash: commit })
  try {
    await commands[command]()
    say('INFO', { message: `${command}: done` })
  } catch (error) {
    say('ERROR', { message: error.message, error_code: { '3D000': 'P1003', '28P01': 'P1000', ECONNREFUSED: 'P1001' }[error.code] })
    process.exitCode = 1
  }
}

async function serve() {
  const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const engine = await loadEngine()
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue
    const { id, method, params } = JSON.parse(line)
    if (!method) continue
    try {
      const result = await engine.answer(method, params)
      if (result?.stdout) send({ id: randomUUID(), method: 'print', params: { content: result.stdout } })
      send({ id, result: result ?? {} })
    } catch (error) {
      const data = { is_panic: false, message: engine.explain(error), error_code: typeof error?.code === 'string' ? error.code : undefined }
      send({ id, error: { code: 4466, message: 'The schema engine reports an error; see data.', data } })
    }
  }
  // The engine leaves a connection open, which would keep this process alive.
  process.exit()
}

async function loadEngine() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => process.stderr.write(`${message}\n`) }
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const wasm = await WebAssembly.instantiate(readFileSync(join(home, 'schema_engine_bg.wasm')), { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(wasm.instance.exports)
  wasm.instance.exports.__wbindgen_start()
  const datamodels = options.datamodels?.map((file) => [file, readFileSync(file, 'utf8')])
  let adapter
  let engine
  const open = (factory) => {
    adapter ??= bindMigrationAwareSqlAdapterFactory(factory)
    return (engine ??= glue.SchemaEngine.new({ datamodels }, () => {}, adapter))
  }
  return {
    async answer(method, params) {
      if (method === 'createDatabase') return { databaseName: await createDatabase(params?.datasource?.url ?? databaseUrl) }
      if (method === 'ensureConnectionValidity') return query(databaseUrl, 'SELECT 1')
      if (method === 'getDatabaseVersion') return (await open(database)).version(params)
      const filesOnly = method === 'diff' && [params.from, params.to].every(({ tag }) => tag === 'empty' || tag === 'schemaDatamodel')
      return (await open(filesOnly ? noDatabase : database))[method](params)
    },
    explain(error) {
      const message = error?.message ?? String(error)
      const registered = /external error \(reported with id (\d+)\)/i.exec(message)
      return registered ? String(adapter.errorRegistry.consumeError(Number(registered[1]))?.error ?? message) : message
    },
  }
}

const database = {
  provider: 'postgres',
  adapterName: '@prisma/adapter-pg',
  connect: () => connect(databaseUrl),
  // The adapter's own way of doing this would use the main database whenever that is given as a URL.
  async connectToShadowDb() {
    if (datasource.shadowDatabaseUrl) return connect(datasource.shadowDatabaseUrl)
    const shadow = new URL(databaseUrl)
    shadow.pathname = `/prisma_shadow_${randomUUID()}`
    await createDatabase(shadow.href)
    return connect(shadow.href, () => dropDatabase(shadow.href))
  },
}

// The engine connects when it is made, even if it then only compares two files.
const noDatabase = {
  provider: 'postgres',
  adapterName: 'none',
  connect: async () => nothing,
  connectToShadowDb: async () => nothing,
}
const nothing = {
  provider: 'postgres',
  adapterName: 'none',
  getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
  queryRaw: async () => ({ columnNames: [], columnTypes: [], rows: [] }),
  executeRaw: async () => 0,
  executeScript: async () => {},
  dispose: async () => {},
}

const CHAR = 18
const TEXT = 25
const mark = '\u0001'

async function connect(url, afterwards = async () => {}) {
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  pool.on('error', () => {})
  const connection = await new PrismaPg(pool, { schema: new URL(url).searchParams.get('schema') ?? undefined }).connect()
  // The catalog's one-byte type "char" is unknown to the adapter: it passes as a text with a mark on its column's name, and the
  // engine then gets it as the character that it expects.
  const send = pool.query.bind(pool)
  pool.query = async (...args) => {
    const result = await send(...args)
    for (const field of result.fields ?? [])
      if (field.dataTypeID === CHAR) Object.assign(field, { dataTypeID: TEXT, name: mark + field.name })
    return result
  }
  const queryRaw = connection.queryRaw.bind(connection)
  connection.queryRaw = async (statement) => {
    const { columnNames, columnTypes, rows } = await queryRaw(statement)
    return {
      columnNames: columnNames.map((name) => name.replace(mark, '')),
      columnTypes: columnTypes.map((type, index) => (columnNames[index].startsWith(mark) ? ColumnTypeEnum.Character : type)),
      rows,
    }
  }
  // The adapter splits scripts at every semicolon, also within functions and literals: send them whole.
  connection.executeScript = async (script) => void (await send(script).catch((error) => connection.onError(error)))
  connection.dispose = async () => {
    await pool.end()
    await afterwards()
  }
  return connection
}

async function createDatabase(url) {
  const name = databaseOf(url)
  await query(maintenance(url), `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE template0`).catch((error) => {
    if (error.code !== '42P04') throw error
  })
  return name
}

async function dropDatabase(url) {
  await query(maintenance(url), `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(databaseOf(url))} WITH (FORCE)`)
}

async function query(url, sql) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

function databaseOf(url) {
  return decodeURIComponent(new URL(url).pathname.slice(1))
}

function maintenance(url) {
  const other = new URL(url)
  other.pathname = '/postgres'
  return other.href
}

if (options.version) console.log(`schema-engine-wasm ${commit}`)
else if (positionals.includes('cli')) await runCommand(positionals.at(-1))
else await serve()

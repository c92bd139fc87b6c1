import { type Expression, type MemberExpression, parseSync, type SpreadElement, type Super, Visitor } from 'oxc-parser'

/** What a module asks of others, read from its syntax alone. */
export interface ModuleFacts {
  imports: Import[]
  /** Lines on which the process's environment is reached for. */
  environment: number[]
  /** Why the file could not be read as TypeScript or JavaScript; empty when it could. */
  unreadable: string[]
}

export interface Import {
  /** As written; null when it is computed while running, so that nobody can say where it leads. */
  specifier: string | null
  line: number
}

/** Reads every way in which one module names another: static, type-only, re-exported, dynamic, required, and types by `import('…')`. */
export function readModule(path: string, text: string): ModuleFacts {
  const { program, errors } = parseSync(path, text)
  const imports: Import[] = []
  const environment: number[] = []
  const lineOf = (node: { start: number }) => text.slice(0, node.start).split('\n').length
  const add = (node: { start: number }, source: Expression | SpreadElement | null | undefined) => {
    if (source) imports.push({ specifier: literal(source), line: lineOf(node) })
  }
  new Visitor({
    ImportDeclaration: (node) => {
      add(node, node.source)
      if (['process', 'node:process'].includes(node.source.value)) environment.push(lineOf(node))
    },
    ExportNamedDeclaration: (node) => add(node, node.source),
    ExportAllDeclaration: (node) => add(node, node.source),
    ImportExpression: (node) => add(node, node.source),
    TSImportType: (node) => add(node, node.source),
    TSExternalModuleReference: (node) => add(node, node.expression),
    CallExpression: (node) => {
      const callee = node.callee
      const isRequire = callee.type === 'Identifier' && callee.name === 'require'
      const isResolve = callee.type === 'MemberExpression' && propertyOf(callee) === 'resolve' && callee.object.type === 'MetaProperty'
      if (isRequire || isResolve) add(node, node.arguments[0])
    },
    MemberExpression: (node) => {
      if (propertyOf(node) === 'env' && isProcess(node.object)) environment.push(lineOf(node))
    },
    VariableDeclarator: (node) => {
      if (node.init && isProcess(node.init) && node.id.type === 'ObjectPattern') environment.push(lineOf(node))
    },
  }).visit(program)
  return { imports, environment, unreadable: errors.map(({ message }) => message) }
}

function literal(node: Expression | SpreadElement): string | null {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type === 'TemplateLiteral' && node.quasis.length === 1) return node.quasis[0]?.value.cooked ?? null
  return null
}

// `a[b]` and `a.b` look alike here; taking both for `a.b` errs on the strict side.
function propertyOf({ property }: MemberExpression): unknown {
  if (property.type === 'Identifier') return property.name
  return property.type === 'Literal' ? property.value : undefined
}

function isProcess(node: Expression | Super): boolean {
  if (node.type === 'Identifier') return node.name === 'process'
  return node.type === 'MemberExpression' && propertyOf(node) === 'process'
}

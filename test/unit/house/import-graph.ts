// Who imports whom, by the AST: static, type-only, re-exported, dynamic, `import('x').T` in a type, `require`, and
// `new URL('./x.ts', import.meta.url)` (workers and child processes). dependency-cruiser sees no modules with TypeScript 7
// alone and loses `import('x').T` through swc, so the walk is ours.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { parseSync } from '@swc/core'

export type ImportHow = 'import' | 'type-only' | 'export' | 'dynamic' | 'import-type' | 'require' | 'url'

export interface ImportEdge {
  /** Path from the root, `/` separated. */
  readonly from: string
  readonly specifier: string
  /** File inside the root, package name, or `node:…`; null when a relative import points nowhere. */
  readonly to: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'package'; readonly name: string } | null
  readonly how: ImportHow
}

export interface ImportGraph {
  readonly files: readonly string[]
  readonly edges: readonly ImportEdge[]
}

const source = /\.(ts|tsx|mts|cts)$/

/** Every TypeScript file below the rooms of `root`. */
export function listSources(root: string, rooms: readonly string[]): string[] {
  const files: string[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) walk(path)
      else if (source.test(entry.name)) files.push(relative(root, path).split(sep).join('/'))
    }
  }
  for (const room of rooms) if (existsSync(join(root, room))) walk(join(root, room))
  return files.sort()
}

/** Walks `files` of `root`. A file that cannot be parsed throws: an unread file is an unguarded one. */
export function walkImports(root: string, files: readonly string[]): ImportGraph {
  const edges: ImportEdge[] = []
  for (const from of files) {
    const tsx = from.endsWith('x')
    const module = parseSync(readFileSync(join(root, from), 'utf8'), { syntax: 'typescript', tsx, target: 'es2024' })
    for (const found of importsIn(module)) edges.push({ from, ...found, to: resolveImport(root, from, found.specifier) })
  }
  return { files, edges }
}

type Node = { readonly type?: string; readonly [key: string]: unknown }

function* importsIn(node: unknown): Generator<{ specifier: string; how: ImportHow }> {
  if (Array.isArray(node)) {
    for (const child of node) yield* importsIn(child)
    return
  }
  if (node === null || typeof node !== 'object') return
  const found = importOf(node as Node)
  if (found !== null) yield found
  for (const child of Object.values(node)) yield* importsIn(child)
}

function importOf(node: Node): { specifier: string; how: ImportHow } | null {
  switch (node.type) {
    case 'ImportDeclaration':
      return named(node.source, isTypeOnly(node) ? 'type-only' : 'import')
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return named(node.source, node.typeOnly === true ? 'type-only' : 'export')
    case 'TsImportType':
      return named(node.argument, 'import-type')
    case 'TsExternalModuleReference':
      return named(node.expression, 'require')
    case 'CallExpression':
      return callImport(node)
    case 'NewExpression':
      return isIdentifier(node.callee, 'URL') && isImportMetaUrl(argument(node, 1)) ? named(argument(node, 0), 'url') : null
    default:
      return null
  }
}

function callImport(node: Node): { specifier: string; how: ImportHow } | null {
  const callee = node.callee as Node
  if (callee.type === 'Import') return named(argument(node, 0), 'dynamic')
  if (isIdentifier(callee, 'require')) return named(argument(node, 0), 'require')
  return null
}

function isTypeOnly(node: Node): boolean {
  const specifiers = node.specifiers as readonly Node[]
  return node.typeOnly === true || (specifiers.length > 0 && specifiers.every((one) => one.isTypeOnly === true))
}

function argument(node: Node, index: number): unknown {
  const list = node.arguments as readonly { readonly expression: unknown }[] | undefined
  return list?.[index]?.expression
}

function named(value: unknown, how: ImportHow): { specifier: string; how: ImportHow } | null {
  const literal = value as Node | null | undefined
  return literal?.type === 'StringLiteral' && typeof literal.value === 'string' ? { specifier: literal.value, how } : null
}

function isIdentifier(value: unknown, name: string): boolean {
  const node = value as Node | undefined
  return node?.type === 'Identifier' && node.value === name
}

function isImportMetaUrl(value: unknown): boolean {
  const node = value as Node | undefined
  return node?.type === 'MemberExpression' && (node.object as Node).type === 'MetaProperty'
}

function resolveImport(root: string, from: string, specifier: string): ImportEdge['to'] {
  if (!specifier.startsWith('.')) {
    const parts = specifier.split('/')
    return {
      kind: 'package',
      name: specifier.startsWith('@') ? parts.slice(0, 2).join('/') : specifier.startsWith('node:') ? specifier : (parts[0] ?? specifier),
    }
  }
  const plain = specifier.replace(/[?#].*$/, '')
  const path = resolve(root, dirname(from), plain)
  return existsSync(path) ? { kind: 'file', path: relative(root, path).split(sep).join('/') } : null
}

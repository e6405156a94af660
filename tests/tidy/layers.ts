/** Who may import whom, in TypeScript. */
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { isTest, isTypeScript, type SourceFile, sourceFiles, type Violation } from './tree.js'

interface Layer {
  /** Layers whose files it may import, besides its own. */
  readonly layers: readonly string[]
  /** Packages and Node modules it may import; undefined for any but the addon. */
  readonly packages?: readonly string[]
}

const ADDON = /^@tickwright\/native(\/|$)|(^|\/)bindings(\/|$)|\.node$/

/** The table of the architecture page. A folder that is not in it is itself a violation: a new layer is a decision. */
const LAYERS: Readonly<Record<string, Layer>> = {
  domain: { layers: [], packages: [] },
  // Checking a controller's parameters and exact arithmetic are pure; nothing else is needed to judge a tick.
  controllers: { layers: ['domain'], packages: ['zod', 'decimal.js'] },
  engine: { layers: ['domain'] },
  backtest: { layers: ['domain', 'engine', 'controllers'] },
  cli: { layers: ['domain', 'engine', 'controllers', 'backtest'] },
}

/** The door of the published package: re-exports what a controller's author needs. */
const DOORS = new Set(['ts/src/index.ts'])

export function layerViolations(root: string): Violation[] {
  return sourceFiles(root, (path) => path.startsWith('ts/src/') && isTypeScript(path)).flatMap(fileViolations)
}

function fileViolations(file: SourceFile): Violation[] {
  if (DOORS.has(file.path)) return []
  const name = file.path.split('/')[2] ?? ''
  const layer = LAYERS[name]
  if (!layer) return [`${file.path}: ts/src/${name} is in no layer: add it to LAYERS with what it may import`]
  return importsOf(file).flatMap((specifier) => {
    const problem = specifier.startsWith('.')
      ? relativeProblem(file.path, name, layer, specifier)
      : packageProblem(file.path, name, layer, specifier)
    return problem ? [`${file.path}: ${problem}`] : []
  })
}

function relativeProblem(path: string, name: string, layer: Layer, specifier: string): string | undefined {
  const target = join(dirname(path), specifier).replaceAll('\\', '/')
  if (!target.startsWith('ts/src/')) {
    return isTest(path) ? undefined : `imports ${target}, outside ts/src`
  }
  const other = target.split('/')[2] ?? ''
  if (other === name || layer.layers.includes(other)) return undefined
  return `${name} must not import ${other} (${specifier})`
}

function packageProblem(path: string, name: string, layer: Layer, specifier: string): string | undefined {
  if (ADDON.test(specifier))
    return name === 'engine' ? undefined : `only ts/src/engine imports the addon (${specifier})`
  if (layer.packages === undefined || isTest(path)) return undefined
  return layer.packages.includes(specifier) ? undefined : `${name} must not import ${specifier}`
}

/** Every module that a file names: imports, re-exports, `import()`, `require()`, types included. */
function importsOf(file: SourceFile): string[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const named = specifierOf(node)
    if (named) found.push(named.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal)
  if (!ts.isCallExpression(node)) return undefined
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require'
  return isImport || isRequire ? literal(node.arguments[0]) : undefined
}

function literal(node: ts.Node | undefined): ts.StringLiteralLike | undefined {
  return node && ts.isStringLiteralLike(node) ? node : undefined
}

/** Lock files pin exact versions and name no host but the public registries. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourceFiles, type Violation } from './tree.js'

const NPM = 'https://registry.npmjs.org/'
const CRATES = 'registry+https://github.com/rust-lang/crates.io-index'

const NPM_LOCKS = ['package-lock.json', 'bench/peers/javascript/package-lock.json']
const PYTHON_PINS = ['bench/peers/python/events.txt', 'bench/peers/python/bars.txt']

export function lockFileViolations(root: string): Violation[] {
  return [...npmViolations(root), ...cargoViolations(root), ...pythonViolations(root), ...manifestViolations(root)]
}

function npmViolations(root: string): Violation[] {
  if (!existsSync(join(root, 'package-lock.json'))) return ['package-lock.json: is not there']
  return NPM_LOCKS.filter((path) => existsSync(join(root, path))).flatMap((path) => npmLockViolations(root, path))
}

function npmLockViolations(root: string, path: string): Violation[] {
  const { packages } = JSON.parse(readFileSync(join(root, path), 'utf8')) as {
    packages: Record<string, { resolved?: string; link?: boolean; integrity?: string; version?: string }>
  }
  return Object.entries(packages).flatMap(([name, { resolved, link, integrity }]) => {
    if (!name.startsWith('node_modules/') || link) return []
    if (resolved !== undefined && !resolved.startsWith(NPM)) return [`${path}: ${name} comes from ${resolved}`]
    return integrity === undefined ? [`${path}: ${name} has no integrity hash`] : []
  })
}

/** Python packages of the bench: a name and an exact version a line. */
function pythonViolations(root: string): Violation[] {
  return PYTHON_PINS.filter((path) => existsSync(join(root, path))).flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#') && !/^[\w.-]+==[\w.]+$/.test(line))
      .map((line) => `${path}: ${line} pins no exact version`),
  )
}

function cargoViolations(root: string): Violation[] {
  const locks = ['Cargo.lock', 'fuzz/Cargo.lock'].filter((path) => existsSync(join(root, path)))
  return locks.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    const sources = [...text.matchAll(/^source = "(.*)"$/gm)].map((match) => match[1] ?? '')
    return [...new Set(sources)]
      .filter((source) => source !== CRATES)
      .map((source) => `${path}: a crate comes from ${source}`)
  })
}

function manifestViolations(root: string): Violation[] {
  const manifests = sourceFiles(root, (path) => /^(?:bindings\/|bench\/peers\/javascript\/)?package\.json$/.test(path))
  return manifests.flatMap(({ path, text }) => {
    const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
    const loose = Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    return loose.map(([name, version]) => `${path}: ${name} is ${version}: pin an exact version`)
  })
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { staleReason } from '../../scripts/packages.mjs'
import { filesUnder, fingerprint, forget, isFresh, remember } from '../../scripts/stamp.mjs'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-'))
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), text)
}

describe('work is done again only where its inputs changed', () => {
  const places = (): { stamps: string; root: string } => ({ stamps: join(root, 'stamps'), root })

  it('is fresh after it was remembered, until an input changes', () => {
    write('src/a.rs', 'one')
    write('out.node', '')
    const inputs = fingerprint(['src/a.rs'], ['rustc 1'], root)
    expect(isFresh('addon', inputs, places())).toBe(false)
    remember('addon', inputs, ['out.node'], places())
    expect(isFresh('addon', inputs, places())).toBe(true)
    write('src/a.rs', 'two')
    expect(isFresh('addon', fingerprint(['src/a.rs'], ['rustc 1'], root), places())).toBe(false)
  })

  it('is not fresh when its output is gone or it was forgotten', () => {
    write('out.node', '')
    remember('addon', 'x', ['out.node'], places())
    rmSync(join(root, 'out.node'))
    expect(isFresh('addon', 'x', places())).toBe(false)
    write('out.node', '')
    forget('addon', places())
    expect(isFresh('addon', 'x', places())).toBe(false)
  })

  it('notices a new compiler, a new file and a file that went', () => {
    write('src/a.rs', 'one')
    const before = fingerprint(['src/a.rs'], ['rustc 1'], root)
    expect(fingerprint(['src/a.rs'], ['rustc 2'], root)).not.toBe(before)
    write('src/b.rs', '')
    expect(fingerprint(filesUnder('src', undefined, root), ['rustc 1'], root)).not.toBe(before)
    rmSync(join(root, 'src/a.rs'))
    expect(fingerprint(['src/a.rs'], ['rustc 1'], root)).not.toBe(before)
  })
})

describe('packages are installed again only where they differ from the lock file', () => {
  const lock = (packages: object): string => JSON.stringify({ packages })

  it('says why', () => {
    write('package-lock.json', lock({ '': {}, 'node_modules/a': { version: '2.0.0' } }))
    expect(staleReason(root)).toBe('they are not installed')
    write('node_modules/.package-lock.json', lock({ 'node_modules/a': { version: '1.0.0' } }))
    expect(staleReason(root)).toBe('node_modules/a is 1.0.0, the lock file says 2.0.0')
  })

  it('does not miss packages of other platforms', () => {
    const other = { 'node_modules/b-win32': { version: '1.0.0', optional: true } }
    write('package-lock.json', lock({ '': {}, 'node_modules/a': { version: '2.0.0' }, ...other }))
    write('node_modules/.package-lock.json', lock({ 'node_modules/a': { version: '2.0.0' } }))
    expect(staleReason(root)).toBeUndefined()
  })
})

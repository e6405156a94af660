import { describe, expect, it } from 'vitest'
import { CargoTestOutput, prefixesOf } from '../../scripts/cargo-test-output.mjs'

const HASH = '0123456789abcdef'
const built = [
  artifact('/w/crates/book/Cargo.toml', { name: 'tickwright_book', kind: ['lib'] }, `/t/tickwright_book-${HASH}`),
  artifact('/w/crates/book/Cargo.toml', { name: 'model', kind: ['test'] }, `/t/model-${HASH}`),
  JSON.stringify({ reason: 'build-finished', success: true }),
  'not JSON',
]

function artifact(manifest: string, target: object, executable: string): string {
  return JSON.stringify({ reason: 'compiler-artifact', manifest_path: manifest, target, executable })
}

function read(text: string): { tests: unknown[]; shown: string[] } {
  const output = new CargoTestOutput(prefixesOf(built))
  const shown = text.split('\n').filter((line) => output.line(line))
  return { tests: output.tests, shown }
}

describe('the output of cargo test', () => {
  it('names tests by crate, test file and path', () => {
    const { tests } = read(`     Running unittests src/lib.rs (target/debug/deps/tickwright_book-${HASH})
test l2::tests::a_level_is_kept ... ok
test l2::tests::it_panics - should panic ... ok
test result: ok. 2 passed
     Running tests/model.rs (target/debug/deps/model-${HASH})
test equals_the_model ... FAILED
test result: FAILED. 0 passed; 1 failed`)
    expect(tests).toEqual([
      { id: 'book::l2::tests::a_level_is_kept', status: 'passed' },
      { id: 'book::l2::tests::it_panics', status: 'passed' },
      { id: 'book::model::equals_the_model', status: 'failed' },
    ])
  })

  it('counts two doctests of one item as two, without their lines', () => {
    const { tests } = read(`   Doc-tests tickwright_book
test crates/book/src/l2/book.rs - l2::book::L2Book (line 27) ... ok
test crates/book/src/l2/book.rs - l2::book::L2Book (line 40) - compile ... FAILED
test result: FAILED. 1 passed; 1 failed`)
    expect(tests).toEqual([
      { id: 'book::doc::src/l2/book.rs::l2::book::L2Book', status: 'passed' },
      { id: 'book::doc::src/l2/book.rs::l2::book::L2Book', status: 'failed' },
    ])
  })

  it('takes a test that says why it cannot run as skipped, and keeps what passing tests print to itself', () => {
    const { tests, shown } = read(`     Running tests/model.rs (target/debug/deps/model-${HASH})
test of_a_recording ... ok
test of_another ... ok

successes:

---- of_a_recording stdout ----
SKIPPED: no recordings here
---- of_another stdout ----
some numbers

successes:
    of_a_recording

test result: ok. 2 passed; 0 failed`)
    expect(tests).toEqual([
      { id: 'book::model::of_a_recording', status: 'skipped', reason: 'no recordings here' },
      { id: 'book::model::of_another', status: 'passed' },
    ])
    expect(shown).not.toContain('some numbers')
    expect(shown).toContain('test result: ok. 2 passed; 0 failed')
  })

  it('shows what failing tests print', () => {
    const { shown } = read(`     Running tests/model.rs (target/debug/deps/model-${HASH})
test breaks ... FAILED

failures:

---- breaks stdout ----
thread 'breaks' panicked at left != right
test result: FAILED. 0 passed; 1 failed`)
    expect(shown).toContain("thread 'breaks' panicked at left != right")
  })

  it('counts a test program that dies as one failure', () => {
    const { tests } = read(`     Running tests/model.rs (target/debug/deps/model-${HASH})
test first ... ok
error: test failed (signal: 11, SIGSEGV: invalid memory reference)`)
    expect(tests).toEqual([
      { id: 'book::model::first', status: 'passed' },
      { id: 'book::model::(whole program)', status: 'failed', reason: 'the test program ended before its tests did' },
    ])
  })
})

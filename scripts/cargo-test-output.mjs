/** Reads the output of `cargo test -- --show-output` line by line: which test of which crate did what. */

/**
 * Ids are `crate::path::name`, the crate by its folder's name; tests of `tests/oracles.rs` are
 * `crate::oracles::name`, doctests `crate::doc::src/file.rs::item`. A test that cannot run for want of data prints a
 * line `skipped: why` and counts as skipped.
 */
export class CargoTestOutput {
  /** Finished tests by program and printed name, which has a doctest's line: two examples of one item are two. */
  #tests = new Map()
  #target = 'unknown'
  #section = ''
  #blockKey
  /** Test programs that ended without a `test result:` line: they died. */
  #open = false
  #died = []
  #prefixes

  /** `prefixes` tells the id prefix of each test program by its file name, see `prefixesOf`. */
  constructor(prefixes) {
    this.#prefixes = prefixes
  }

  /** Takes one line; returns whether a person wants to see it (the output of tests that passed is for the parser). */
  line(text) {
    return this.#startOfProgram(text) || this.#result(text) || this.#block(text)
  }

  get tests() {
    this.#close()
    return [...this.#tests.values(), ...this.#died]
  }

  #startOfProgram(text) {
    const running = /^\s+Running (?:unittests )?\S+ \((.+)\)$/.exec(text)
    const doctests = /^\s+Doc-tests (\S+)$/.exec(text)
    if (!running && !doctests) return false
    this.#close()
    this.#open = true
    this.#section = ''
    this.#target = running ? (this.#prefixes.get(fileName(running[1])) ?? 'unknown') : `${shortCrate(doctests[1])}::doc`
    return true
  }

  #result(text) {
    const summary = /^test result: /.exec(text)
    if (summary) this.#open = false
    const done = /^test (.+?) \.\.\. (ok|FAILED|ignored)(?:, (.*))?/.exec(text)
    if (!done) return summary !== null
    const id = this.#idOf(done[1])
    const status = { ok: 'passed', FAILED: 'failed', ignored: 'skipped' }[done[2]]
    this.#tests.set(this.#keyOf(done[1]), done[3] ? { id, status, reason: done[3] } : { id, status })
    return true
  }

  #block(text) {
    if (text === 'successes:' || text === 'failures:') this.#section = text
    const head = /^---- (.+) stdout ----$/.exec(text)
    if (head) this.#blockKey = this.#keyOf(head[1])
    const skipped = /^skipped: (.+)$/i.exec(text)
    if (skipped && this.#section === 'successes:') this.#skip(skipped[1])
    return this.#section !== 'successes:'
  }

  #skip(reason) {
    const test = this.#tests.get(this.#blockKey)
    if (test) this.#tests.set(this.#blockKey, { id: test.id, status: 'skipped', reason })
  }

  #close() {
    const reason = 'the test program ended before its tests did'
    if (this.#open) this.#died.push({ id: `${this.#target}::(whole program)`, status: 'failed', reason })
    this.#open = false
  }

  #keyOf(name) {
    return `${this.#target} ${name.replace(/ - should panic$/, '')}`
  }

  #idOf(name) {
    // Doctests: `crates/book/src/l2.rs - l2::L2Book::new (line 12)`, the line changes with every edit.
    const doc = /^(?:.*?)(src\/\S+) - (.*?)\s*\(line \d+\).*$/.exec(name)
    return doc
      ? `${this.#target}::${doc[1]}::${doc[2] || 'crate'}`
      : `${this.#target}::${name.replace(/ - should panic$/, '')}`
  }
}

/** From the lines of `cargo test --no-run --message-format json`: the id prefix of each test program. */
export function prefixesOf(jsonLines) {
  const prefixes = new Map()
  for (const line of jsonLines) {
    if (!line.startsWith('{')) continue
    const { reason, executable, target, manifest_path: manifest } = JSON.parse(line)
    if (reason !== 'compiler-artifact' || !executable) continue
    const crate = fileName(manifest.slice(0, -'/Cargo.toml'.length))
    prefixes.set(fileName(executable), target.kind.includes('test') ? `${crate}::${target.name}` : crate)
  }
  return prefixes
}

function fileName(path) {
  return path.split(/[\\/]/).at(-1)
}

function shortCrate(name) {
  return name.replace(/^tickwright[_-]/, '')
}

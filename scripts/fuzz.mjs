#!/usr/bin/env node
/**
 * `node scripts/fuzz.mjs [SECONDS]`: runs each fuzz target for a while (10 s) and then one that has a panic planted in
 * it, which must be found. Uses the stable toolchain: coverage guides it, sanitizers (which need nightly) are off.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './layout.mjs'
import { eachLine, outputOf, run } from './process.mjs'
import { dropReport, writeReport } from './report.mjs'
import { finish, NotHere, runSteps } from './steps.mjs'

const CARGO_FUZZ = '0.13.2'
/** How long the gate fuzzes each target. */
const GATE_SECONDS = 10
const TOOLS = join(ROOT, 'target', 'tools')
const FUZZ = join(ROOT, 'fuzz')
/** A build folder of its own: the flags differ from the product's. */
const CARGO_FUZZ_RUN = ['fuzz', 'run', '-s', 'none', '--target-dir', join(ROOT, 'target', 'fuzz')]
/** The target with the planted panic, and how long the fuzzer may take to find it. */
const PLANTED = { target: 'decimal', seconds: 60 }

export async function runFuzzTargets(seconds = GATE_SECONDS) {
  dropReport('fuzz')
  const targets = readdirSync(join(FUZZ, 'fuzz_targets')).map((name) => name.replace(/\.rs$/, ''))
  const tests = await runSteps('fuzz', [
    { name: 'cargo-fuzz', run: prepare },
    ...targets.map((target) => ({ name: target, run: () => fuzz(target, seconds) })),
    { name: 'a planted panic is found', run: findPlanted },
  ])
  writeReport('fuzz', tests)
  return tests
}

async function prepare() {
  process.env.PATH = `${join(TOOLS, 'bin')}${delimiter}${process.env.PATH}`
  const compiler = (await outputOf('c++', ['--version'])) ?? (await outputOf('clang++', ['--version']))
  if (compiler === undefined) throw new NotHere('the fuzzer is C++ and no C++ compiler is installed')
  if ((await outputOf('cargo', ['fuzz', '--version'])) !== undefined) return
  await run('cargo', ['install', '--locked', `cargo-fuzz@${CARGO_FUZZ}`, '--root', TOOLS], { quiet: true })
}

async function fuzz(target, seconds) {
  await requireTool()
  const corpus = join(FUZZ, 'corpus', target)
  const seeds = join(FUZZ, 'seeds', target)
  mkdirSync(corpus, { recursive: true })
  const folders = [corpus, ...(existsSync(seeds) ? [seeds] : [])]
  const limits = [
    '--',
    `-max_total_time=${seconds}`,
    // The gate searches the same way each time, so that what it finds is of the change; longer runs search anew.
    ...(seconds <= GATE_SECONDS ? ['-seed=1'] : []),
    '-rss_limit_mb=2048',
    '-timeout=10',
    '-verbosity=0',
    '-print_final_stats=1',
  ]
  await run('cargo', [...CARGO_FUZZ_RUN, target, ...folders, ...limits], { cwd: FUZZ })
}

async function findPlanted() {
  await requireTool()
  const limits = ['--', `-max_total_time=${PLANTED.seconds}`, '-verbosity=0']
  let found = false
  const code = await eachLine(
    'cargo',
    [...CARGO_FUZZ_RUN, '--features', 'planted_panic', PLANTED.target, ...limits],
    (line) => {
      if (/panicked at|^planted/.test(line)) process.stdout.write(`${line}\n`)
      if (line.includes('planted')) found = true
    },
    { cwd: FUZZ },
  )
  if (code === 0 || !found) throw new Error(`the fuzzer ended with ${code} without finding the planted panic`)
}

async function requireTool() {
  if ((await outputOf('cargo', ['fuzz', '--version'])) === undefined) throw new NotHere('cargo-fuzz could not be had')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  finish(await runFuzzTargets(Number(process.argv[2] ?? GATE_SECONDS)))
}

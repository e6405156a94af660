/** The files of a first controller by their names: the controller, its run file and its test. */
export function controllerFiles(name: string, tape: string): Record<string, string> {
  const className = name.replace(/(^|-)([a-z0-9])/g, (_match, _hyphen, letter: string) => letter.toUpperCase())
  return {
    [`${name}.ts`]: controllerText(className),
    [`${name}.yaml`]: runText(name, className, tape),
    [`${name}.test.ts`]: testText(name, className),
  }
}

function controllerText(className: string): string {
  return `import type { Controller, Desired, Frame, Interests } from 'tickwright'

/** Quotes one order a side around the mid, leans against its inventory and sells only what it owns. */
export class ${className} implements Controller {
  readonly interests: Interests = { intervalMs: 500, midMovedTicks: 5 }
  readonly #params: { lots: number; ticks: number; maxLots: number }

  constructor(params: { lots: number; ticks: number; maxLots: number }) {
    this.#params = params
  }

  onTick(frame: Frame, desired: Desired): void {
    if (!frame.isLive) return // nothing stated is nothing wanted: every quote is cancelled
    const { lots, ticks, maxLots } = this.#params
    const lean = (ticks * frame.positionLots) / maxLots
    const fair = (frame.bidTicks + frame.askTicks) / 2 - lean
    if (frame.positionLots + lots <= maxLots) desired.bid(Math.min(Math.floor(fair - ticks), frame.bidTicks), lots)
    if (frame.positionLots >= lots) desired.ask(Math.max(Math.ceil(fair + ticks), frame.askTicks), lots)
  }
}
`
}

function runText(name: string, className: string, tape: string): string {
  return `# Run with: npx tickwright run ${name}.yaml
tapes: [${JSON.stringify(tape)}]
controller: ./${name}.ts#${className}
params: { lots: 200, ticks: 100, maxLots: 2000 }
executor: { refresh_tolerance_ticks: 20 }
engine:
  fill_model: conservative
  entry_latency: { kind: fixed, ns: 2000000 }
  response_latency: { kind: fixed, ns: 2000000 }
  deposits: { USDT: "10000" }
out: runs/${name}
`
}

function testText(name: string, className: string): string {
  return `// Run with: npx tsx --test ${name}.test.ts
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Desired, Frame } from 'tickwright'
import { ${className} } from './${name}.ts'

/** What the controller wants at a tick with these fields. */
function quotesAt(frame: Partial<Frame>): string[] {
  const quotes: string[] = []
  const desired: Desired = {
    bid: (ticks, lots) => quotes.push(\`bid \${lots} @ \${ticks}\`),
    ask: (ticks, lots) => quotes.push(\`ask \${lots} @ \${ticks}\`),
    keep: () => quotes.push('keep'),
  }
  new ${className}({ lots: 2, ticks: 10, maxLots: 10 }).onTick(frame as Frame, desired)
  return quotes
}

test('quotes both sides around the mid', () => {
  const frame = { isLive: true, bidTicks: 618000, askTicks: 618002, positionLots: 5 }
  assert.deepEqual(quotesAt(frame), ['bid 2 @ 617986', 'ask 2 @ 618006'])
})

test('stops buying at its limit', () => {
  const frame = { isLive: true, bidTicks: 618000, askTicks: 618002, positionLots: 10 }
  assert.deepEqual(quotesAt(frame), ['ask 2 @ 618002'])
})

test('sells nothing that it does not own', () => {
  const frame = { isLive: true, bidTicks: 618000, askTicks: 618002, positionLots: 0 }
  assert.deepEqual(quotesAt(frame), ['bid 2 @ 617991'])
})

test('wants nothing while the book is not to be trusted', () => {
  assert.deepEqual(quotesAt({ isLive: false }), [])
})
`
}

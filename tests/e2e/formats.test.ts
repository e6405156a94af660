import { afterAll, describe, expect, it } from 'vitest'
import { tape } from '../../ts/src/engine/tape.js'
import { Desk } from './cli.test-kit.js'

interface Info {
  readonly ticks: number
  readonly read: { readonly bad_rows: readonly string[] }
}

const desk = new Desk()
const formats = tape.readers()
afterAll(() => desk.remove())

/** The words of an example with the tape in a folder of its own. */
function wordsOf(name: string, example: string): string[] {
  const words = example.split(' ')
  return words.map((word, at) => (words[at - 1] === '--out' ? desk.path(`${name}.tape.parquet`) : word))
}

describe('the formats of tape convert', () => {
  it('are listed by its help, each with a line that runs', async () => {
    const { stdout } = await desk.inside(['tape', 'convert', '--help'])
    for (const { name, about, example } of formats) {
      expect(stdout).toContain(`  ${name}: ${about}\n`)
      expect(stdout).toContain(`      $ tickwright tape convert --from ${name} ${example}\n`)
    }
  })

  it.each(formats.map(({ name, example }) => [name, example] as const))(
    '%s: the example runs',
    async (name, example) => {
      const info = await desk.json<Info>(['tape', 'convert', '--from', name, ...wordsOf(name, example)])
      expect(info.ticks).toBeGreaterThan(1)
      expect(info.read.bad_rows).toEqual([])
    },
  )

  it('ask for an option that they need, and refuse one without a use', async () => {
    const file = 'tests/data/samples/binance-aggtrades.csv'
    const convert = ['tape', 'convert', '--instrument', 'BTCUSDT', '--out', desk.path('no.tape.parquet'), file]
    const missing = await desk.fault([...convert, '--from', 'binance-aggtrades'])
    expect(missing).toMatchObject({ code: 'E_OPTION' })
    expect(missing.message).toContain('for example --time-unit ms')
    const idle = await desk.fault([...convert, '--from', 'binance-aggtrades', '--time-unit', 'ms', '--bar', '1m'])
    expect(idle.message).toContain('bar: binance-aggtrades has no use for it')
    const wrong = await desk.fault([...convert, '--from', 'binance-aggtrades', '--time-unit', 'us'])
    expect(wrong).toMatchObject({ code: 'E_TIME' })
    expect(wrong.message).toContain('is --time-unit right?')
  })
})

import { TickwrightError } from '../domain/index.js'

/** Places of an instrument in the number that `frame.indicator` takes. */
const PLACES = 16

/** What the kinds of several outputs give, in the order of their slots; all others give one number. */
const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  bollinger: ['middle', 'upper', 'lower'],
  macd: ['line', 'signal', 'histogram'],
}

/** Every kind of indicator that an engine can run; `docs/indicators.md` explains each. */
export const INDICATOR_KINDS = [
  'ema',
  'sma',
  'atr',
  'std',
  'rsi',
  'bollinger',
  'macd',
  'min',
  'max',
  'z_score',
  'vwap',
  'session_vwap',
  'volume_ratio',
] as const

/**
 * One running indicator of an instrument. `indicatorIndex(name)` is the place of its output for `frame.indicator`;
 * outputs of a Bollinger are `name.middle`, `name.upper` and `name.lower`, those of a MACD `name.line`, `name.signal`
 * and `name.histogram`. An instrument has room for 16 outputs.
 */
export interface IndicatorConfig {
  readonly name: string
  /** Instrument id; the first one by default. */
  readonly instrument?: string
  readonly kind: (typeof INDICATOR_KINDS)[number]
  /** Number of updates: of every kind but `macd` and `session_vwap`. */
  readonly period?: number
  /** Of an EMA, instead of a period: the weight of each new value. */
  readonly alpha?: number
  /** Of a Bollinger: 2 by default. */
  readonly deviations?: number
  /** Of a MACD: 12, 26 and 9 by default. */
  readonly fast?: number
  readonly slow?: number
  readonly signal?: number
  /** Of a volume ratio: volumes compared with those of the period, 1 by default. */
  readonly recent?: number
  /** Of a session VWAP: length of a session and when one begins, 86 400 and 0 by default. */
  readonly session_s?: number
  readonly session_offset_s?: number
  /**
   * Fed with the mid at the last record of each message (default) or at every record, with each trade, or with each bar
   * that closes. Of quotes, ask and bid are high and low. Kinds of volume take trades (their default) or bars.
   */
  readonly on?: 'message' | 'record' | 'trade' | 'bar'
  /** Name of the bars, where it is fed with bars; the first of its instrument by default. */
  readonly bars?: string
}

/** Bars of an instrument. One of `interval_ms`, `ticks`, `volume` and `notional` says what ends them. */
export interface BarConfig {
  /** By which indicators find them. */
  readonly name?: string
  readonly instrument?: string
  /** Trades (default), or the mid at the end of each message. */
  readonly from?: 'trades' | 'mids'
  /** Whole seconds, 1 000 to 86 400 000. */
  readonly interval_ms?: number
  /** So many prices. */
  readonly ticks?: number
  /** So much traded, in the unit of sizes: a decimal of whole lots. */
  readonly volume?: string
  /** So much money traded, price × size × multiplier: a decimal. */
  readonly notional?: string
}

/** The names of an indicator's outputs, in the order of their slots. */
function outputsOf({ name, kind }: IndicatorConfig): readonly string[] {
  return OUTPUTS[kind]?.map((output) => `${name}.${output}`) ?? [name]
}

/** Place of a named output among all of an engine; `E_CONFIG` with those there are. */
export function indicatorPlace(
  { indicators = [], instruments }: { indicators?: readonly IndicatorConfig[]; instruments: readonly { id: string }[] },
  name: string,
): number {
  const slots = instruments.map(() => 0)
  const known: string[] = []
  for (const indicator of indicators) {
    const of =
      indicator.instrument === undefined ? 0 : instruments.findIndex((spec) => spec.id === indicator.instrument)
    const outputs = outputsOf(indicator)
    const at = outputs.indexOf(name)
    const slot = slots[of] as number
    if (at >= 0) return PLACES * of + slot + at
    slots[of] = slot + outputs.length
    known.push(...outputs)
  }
  const there = known.join(', ') || 'none'
  throw new TickwrightError('E_CONFIG', `no indicator ${JSON.stringify(name)} is configured; there is: ${there}`)
}

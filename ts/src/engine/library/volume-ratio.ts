import { native } from '../addon.js'
import { Indicator } from './indicator.js'
import { ARGS, cells, functions, HANDLE, RESULTS } from './native.js'

const { volumeRatioUpdate, volumeRatioUpdateMany, volumeRatioReset } = functions

/** Volumes that are usual, and how many of the last are compared with them: 1 where nothing is said. */
export interface VolumeRatioSettings {
  readonly period: number
  readonly recent?: number
}

/**
 * How much trades now against what is usual: the mean of the last `recent` volumes over that of the last `period`.
 *
 * 1 is as usual, 3 is three times as much. Warm-up: `period` volumes, of which one at least is above 0; until then, and
 * where nothing traded, it reads NaN. A volume that is not finite, beyond 1e140 or below 0 changes nothing.
 * Cost: as `Ema`, and some ns more for the sums.
 *
 * ```ts
 * const ratio = new VolumeRatio({ period: 4 })
 * for (const volume of [10, 20, 10]) ratio.update(volume) // NaN
 * ratio.update(40) // 2: 40 against 20
 * ```
 */
export class VolumeRatio extends Indicator {
  /** Throws `E_INDICATOR_SETTING` for a setting out of range and `E_ARGUMENT` for one of another type. */
  constructor(settings: VolumeRatioSettings) {
    super('volume_ratio', settings)
  }

  /** Takes the next volume and returns the ratio, NaN during the warm-up. */
  update(volume: number): number {
    const { handle } = this
    if (handle === 0 || typeof volume !== 'number') throw this.refusal('update', volume)
    cells[HANDLE] = handle
    cells[ARGS] = volume
    volumeRatioUpdate()
    this.last = cells[RESULTS] as number
    return this.last
  }

  /** Takes volumes in order, writes the ratio after each into `out` and returns the last; see `Ema.updateMany`. */
  updateMany(volumes: Float64Array, out?: Float64Array): number {
    return this.batch(() => native(() => volumeRatioUpdateMany(volumes, out)))
  }

  /** Forgets every volume. */
  reset(): void {
    this.forget(() => native(volumeRatioReset))
  }
}

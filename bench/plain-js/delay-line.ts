/** Messages on their way, first in first out: each is a whole number with the time at which it is there. */
export class DelayLine {
  readonly #ns: Float64Array
  readonly #messages: Int32Array
  readonly #wrap: number
  #head = 0
  #tail = 0
  /** Where the time of the next one is kept for all who ask at every record: a float in an array is never boxed. */
  readonly #due: Float64Array
  readonly #dueAt: number

  /** `capacity` is a power of two; `due[dueAt]` becomes the time of the next message, infinity for none. */
  constructor(capacity: number, due: Float64Array, dueAt: number) {
    this.#due = due
    this.#dueAt = dueAt
    this.#ns = new Float64Array(capacity)
    this.#messages = new Int32Array(capacity)
    this.#wrap = capacity - 1
  }

  clear(): void {
    this.#head = 0
    this.#tail = 0
    this.#due[this.#dueAt] = Number.POSITIVE_INFINITY
  }

  /** Times must not fall. */
  push(ns: number, message: number): void {
    const tail = this.#tail
    this.#ns[tail] = ns
    this.#messages[tail] = message
    this.#tail = (tail + 1) & this.#wrap
    if (this.#tail === this.#head) throw new RangeError(`more than ${this.#wrap} messages on their way`)
    if (ns < this.#due[this.#dueAt]!) this.#due[this.#dueAt] = ns
  }

  /** Takes the next one. */
  shift(): number {
    const message = this.#messages[this.#head]!
    this.#head = (this.#head + 1) & this.#wrap
    this.#due[this.#dueAt] = this.#head === this.#tail ? Number.POSITIVE_INFINITY : this.#ns[this.#head]!
    return message
  }
}

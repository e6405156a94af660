/** From what a controller wants to commands, and the controllers that come with the house. No I/O, no clock. */
export { type ExecutorOptions, toStrategy } from './executor.js'
export { REGISTERED_CONTROLLERS } from './registry.js'
export { SimpleMaker } from './simple-maker.js'

import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { canPin } from './runner/process.js'

/** On what a table was made: processor, versions, date, and how busy the machine was. */
export function describeMachine(now: Date): string {
  const cpu = cpus()[0]?.model.trim() ?? process.arch
  const memoryGb = Math.round(totalmem() / 2 ** 30)
  const rust = spawnSync('rustc', ['--version'], { encoding: 'utf8' }).stdout?.split(' ')[1] ?? 'none'
  return [
    `${cpu} × ${availableParallelism()}, ${memoryGb} GB, ${type()} ${release()}`,
    `Node ${process.versions.node}, V8 ${process.versions.v8}, Rust ${rust}`,
    `${now.toISOString().slice(0, 16)}Z, load ${loadavg()[0]!.toFixed(1)}, ${canPin() ? 'one CPU pinned' : 'not pinned'}`,
  ].join(' · ')
}

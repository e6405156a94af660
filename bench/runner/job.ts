/** Entry of a process that does one job: the job as JSON in the first argument, its result as JSON on standard output. */
import { agreedAnswer } from '../answers.js'
import { BAR_FIELDS } from '../inputs/bars.js'
import { loadBars, loadEvents } from '../inputs/catalog.js'
import { barContestants } from '../works/bars.js'
import { Stable } from '../works/contestants.js'
import { countCollections } from './collections.js'
import { interleave, type Outcome } from './interleave.js'
import type { Job, JobResults } from './jobs.js'
import { measureMemory } from './memory.js'
import { measureSweep } from './sweep.js'

function workJob(job: Job & { kind: 'work' }): Record<string, Outcome> {
  const stable = new Stable(loadEvents(job.input, job.records))
  const contestants = new Map(job.contestants.map((name) => [name, stable.contestant(job.work, name)]))
  return Object.fromEntries(
    interleave(contestants, job.records, job.rounds, agreedAnswer(job.work, job.input, job.records)),
  )
}

function barsJob(job: Job & { kind: 'bars' }): Record<string, Outcome> {
  const bars = loadBars()
  const agreed = agreedAnswer(job.work, 'bars', bars.length / BAR_FIELDS)
  return Object.fromEntries(interleave(barContestants(job.work, bars), bars.length / BAR_FIELDS, job.rounds, agreed))
}

async function readingJob(job: Job & { kind: 'reading' }): Promise<JobResults['reading']> {
  // Only this job needs tapes.
  const { timeReading } = await import('./reading.js')
  return timeReading(job.rounds)
}

function run(job: Job): Promise<JobResults[Job['kind']]> | JobResults[Job['kind']] {
  switch (job.kind) {
    case 'work':
      return workJob(job)
    case 'bars':
      return barsJob(job)
    case 'sweep':
      return measureSweep(job.records, job.rounds)
    case 'collections':
      return countCollections(job.records)
    case 'memory':
      return measureMemory(job.records)
    case 'reading':
      return readingJob(job)
  }
}

process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2] ?? 'null') as Job)))

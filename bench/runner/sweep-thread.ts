/** Entry of a thread of a sweep: makes a W2 ready, runs it, and says whether its answer was the agreed one. */
import { parentPort, workerData } from 'node:worker_threads'
import { agreedAnswer, difference } from '../answers.js'
import { loadEvents } from '../inputs/catalog.js'
import { Stable } from '../works/contestants.js'
import type { SweepRun } from './sweep.js'

const { records } = workerData as { readonly records: number }
const agreed = agreedAnswer('W2', 'real', records)
const contestant = new Stable(loadEvents('real', records)).contestant('W2', 'advance')
let run = contestant.prepare()

parentPort!.on('message', (what: 'prepare' | 'run') => {
  let said: SweepRun = {}
  if (what === 'prepare') run = contestant.prepare()
  else {
    const answer = run()
    const wrong = agreed === undefined ? 'no answer was agreed on' : difference(answer, agreed)
    if (wrong !== undefined) said = { wrong }
  }
  parentPort!.postMessage(said)
})

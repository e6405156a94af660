/** Runs the façade's tests on the current long-term release of Node, whichever one runs us. */
import { ROOT } from './layout.mjs'
import { npm, outputOf } from './process.mjs'
import { runVitest } from './vitest-run.mjs'

/** The npm package `node` carries the binary; pinned like everything else. */
const NODE_LTS = '24.21.0'

/** Returns the tests, their ids marked: they are the same tests as those of `npm test`. */
export async function runOnNodeLts() {
  const [command, args] = npm(['exec', '--yes', `--package=node@${NODE_LTS}`, '--', 'node', '-p', 'process.execPath'])
  const path = (await outputOf(command, args, { cwd: ROOT }))?.trim()
  if (!path) throw new Error(`cannot fetch Node ${NODE_LTS}: try \`npx -y node@${NODE_LTS} --version\``)
  const tests = await runVitest('node-lts', ['ts', 'tests'], ['ts/src/engine'], { node: [path] })
  return tests.map((test) => ({ ...test, id: `Node ${NODE_LTS} > ${test.id}` }))
}

import { existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { bundledFolder } from '../../backtest/index.js'
import { TickwrightError } from '../../domain/index.js'
import { type CommonOptions, describe, type Outcome, perform, usageFault } from '../command.js'
import type { CliContext } from '../context.js'
import { visible } from '../text.js'
import { controllerFiles } from './controller-files.js'

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const LONGEST_NAME = 48

interface NewCommandOptions extends CommonOptions {
  readonly dir: string
  readonly tape?: string
}

/** `tickwright new controller NAME`: a controller of twenty lines, a run file for it and a test. */
export function newCommand(context: CliContext, outcome: Outcome): Command {
  const controller = describe(
    'controller',
    'write a first controller, a run file and a test; never replaces a file',
    'tickwright new controller my-maker\ntickwright run my-maker.yaml',
  )
    .argument('<name>', 'lower-case words with hyphens, such as my-maker')
    .option('--dir <folder>', 'where to write', '.')
    .option('--tape <file>', 'tape of the run file (default: the bundled demo tape)')
  perform<NewCommandOptions>(controller, context, outcome, ([name = ''], options) => {
    if (!NAME.test(name) || name.length > LONGEST_NAME) {
      throw usageFault(
        `name ${JSON.stringify(name)}: give up to ${LONGEST_NAME} lower-case letters, digits and hyphens`,
      )
    }
    const written = writeAll(options.dir, controllerFiles(name, tapeFor(options)))
    const next = `tickwright run ${join(options.dir, `${name}.yaml`)}`
    return { json: { files: written, next }, text: `wrote ${visible(written.join(', '))}\nnext: ${visible(next)}\n` }
  })
  return new Command('new').description('write the first lines of something').addCommand(controller)
}

/** The tape as a run file in the folder names it. */
function tapeFor({ dir, tape }: NewCommandOptions): string {
  const path = tape === undefined ? join(bundledFolder('demo'), 'btcusdt.tape.parquet') : resolve(tape)
  return relative(existsSync(dir) ? realpathSync(dir) : resolve(dir), path)
}

/** Writes every file or none. */
function writeAll(folder: string, files: Readonly<Record<string, string>>): string[] {
  const paths = Object.keys(files).map((name) => join(folder, name))
  const taken = paths.find((path) => existsSync(path))
  if (taken !== undefined) throw new TickwrightError('E_EXISTS', `${taken} exists already: choose another name`)
  const done: string[] = []
  try {
    mkdirSync(folder, { recursive: true })
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name)
      writeFileSync(path, text, { flag: 'wx' })
      done.push(path)
    }
  } catch (error) {
    for (const path of done) rmSync(path, { force: true })
    throw new TickwrightError('E_FILE', `${folder} cannot be written: ${(error as Error).message}`, { cause: error })
  }
  return done
}

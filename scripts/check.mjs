#!/usr/bin/env node
/** `npm run check`: format, lint, types, docs, dead code. */
import { CHECK_STEPS } from './check-steps.mjs'
import { setup } from './setup.mjs'
import { finish, runSteps } from './steps.mjs'

finish(await runSteps('check', [{ name: 'setup', run: () => setup() }, ...CHECK_STEPS]))

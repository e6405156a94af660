import { describe, expect, it } from 'vitest'
import { callViolations, manifestViolations, unsafeViolations } from './crates.js'
import { errorCodeViolations } from './error-codes.js'
import { layerViolations } from './layers.js'
import { lengthViolations } from './lengths.js'
import { linkViolations } from './links.js'
import { lockFileViolations } from './lock-files.js'
import { ledgerViolations, moneyViolations } from './money.js'
import { purityViolations } from './purity.js'
import { ROOT } from './root.js'
import { topLevelViolations } from './top-level.js'
import { wordViolations } from './words.js'

describe('the house is in order', () => {
  it.each([
    ['TypeScript layers import downwards only', layerViolations],
    ['domain and controllers are pure', purityViolations],
    ['crates depend downwards only and bindings alone knows napi', manifestViolations],
    ['crates read no clock, environment or network, and only tape opens files', callViolations],
    ['unsafe code is forbidden or explained', unsafeViolations],
    ['files are short', lengthViolations],
    ['no unfinished work, no sleeping test, no machine path', wordViolations],
    ['lock files name the public registries only and manifests pin', lockFileViolations],
    ['money is counted without floating point', moneyViolations],
    ['the independent ledger stands alone', ledgerViolations],
    ['the top level is laid out as the architecture page says', topLevelViolations],
    ['links in the pages lead somewhere', linkViolations],
    ['error codes and their table are the same', errorCodeViolations],
  ])('%s', (_rule, violations) => {
    expect(violations(ROOT)).toEqual([])
  })
})

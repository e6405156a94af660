import { configDefaults, defineConfig } from 'vitest/config'

/** Replaying a recording takes seconds on two cores; a test that hangs must still end. */
const TIMEOUT_MS = 120_000

const shared = { testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS, pool: 'forks', allowOnly: false } as const

export default defineConfig({
  test: {
    ...shared,
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['ts/src/**/*.ts'],
      exclude: ['ts/src/**/*.test.ts'],
      reportsDirectory: 'coverage',
    },
    projects: [
      { test: { ...shared, name: 'ts', include: ['ts/src/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'tests',
          include: ['tests/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'tests/tidy/**'],
        },
      },
      // Reads the reports of the others, so it runs after them: scripts/test.mjs.
      { test: { ...shared, name: 'tidy', include: ['tests/tidy/**/*.test.ts'] } },
    ],
  },
})

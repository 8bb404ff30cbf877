// Two kinds of test. `unit`: pure code, simulators and files of its own, several files at a time. `real`: anything that
// measures sound or time, or drives a browser: one file at a time, after the others, so that no figure is another test's load.
import { defineConfig } from 'vitest/config'

const everywhere = {
  environment: 'node',
  pool: 'forks',
  setupFiles: ['test/setup/strict-process.ts'],
  restoreMocks: true,
  unstubEnvs: true,
  // The screens of a person in Viet Nam and the clock of the machine are different things: tests must not lean on the latter.
  env: { TZ: 'America/New_York' },
} as const

export default defineConfig({
  test: {
    dangerouslyIgnoreUnhandledErrors: false,
    passWithNoTests: true,
    teardownTimeout: 10_000,
    projects: [
      {
        test: {
          ...everywhere,
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}', 'test/conformance/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...everywhere,
          name: 'real',
          include: ['test/integration/**/*.test.{ts,tsx}', 'test/e2e/**/*.test.ts', 'test/electron/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})

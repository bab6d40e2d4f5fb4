import { defineConfig } from 'vitest/config';

// Vite 8 reads the decorator flags from tsconfig.json, so Nest's constructor injection works with no plugin.
export default defineConfig({
  test: {
    include: ['test/**/*.spec.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', './test/support/totals-reporter.ts'],
    testTimeout: 180_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
  },
});

import { defineConfig } from 'vitest/config';

/** `SEED=7 COUNT=20000 AREA=yaml,regex OUT=/tmp/differences npx vitest run --config test/golden/differential/vitest.config.ts` compares; it needs Go. */
export default defineConfig({
  test: { include: ['test/golden/differential/compare.ts'], testTimeout: 3_600_000 },
});

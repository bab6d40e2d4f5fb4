import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/root.js';

const textOf = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');
/** Told on one line with another. */
const SHORTENED: Readonly<Record<string, string>> = { KUBERNETES_SERVICE_PORT: '…_PORT' };

describe("the README's tables of configuration", () => {
  it.each(['hub-config', 'tls-config', 'webhook-config', 'agent-config'])('name every variable of %s', (file) => {
    const variables = textOf(`src/config/${file}.ts`).match(/^ {2}[A-Z][A-Z0-9_]+(?=:)/gm) ?? [];
    expect(variables.length).toBeGreaterThan(2);
    const readme = textOf('README.md');
    for (const variable of variables.map((each) => each.trim())) {
      expect(readme).toContain(`\`${SHORTENED[variable] ?? variable}\``);
    }
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

export interface ScratchFolder {
  readonly path: string;
  /** Writes a file, anything but a text as JSON, and answers its path. */
  write(name: string, content: unknown): string;
}

/** An empty folder for each test of the file or `describe` that asks for it, gone with the test. */
export function scratchFolder(): ScratchFolder {
  let path = '';
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'fleetwright-'));
  });
  afterEach(() => rmSync(path, { recursive: true, force: true }));
  return {
    get path() {
      return path;
    },
    write: (name, content) => {
      const file = join(path, name);
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    },
  };
}

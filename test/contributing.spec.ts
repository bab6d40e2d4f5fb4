import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const COPIED = ['src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

/** What stands between fences of one language in CONTRIBUTING.md. */
async function blocks(language: string): Promise<string[]> {
  const text = await readFile('CONTRIBUTING.md', 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, body = '']) => body);
}

describe('the first changes of CONTRIBUTING.md', () => {
  let tree: string;
  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'fleetwright-contributing-'));
    for (const name of COPIED) await cp(name, join(tree, name), { recursive: true });
    await symlink(join(process.cwd(), 'node_modules'), join(tree, 'node_modules'));
    for (const block of await blocks('ts')) await writeNewFile(block);
    const patch = join(tree, 'edits.diff');
    await writeFile(patch, (await blocks('diff')).join(''));
    await run('git', ['apply', patch], { cwd: tree });
    await listMigration();
  });
  afterAll(() => rm(tree, { recursive: true, force: true }));

  /** The first line of a block names its file. */
  async function writeNewFile(block: string): Promise<void> {
    const [, path = '', body = ''] = /^\/\/ (\S+)\n(.*)$/s.exec(block) ?? [];
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), body);
  }

  /** As the text has it: imported at the end, listed last. */
  async function listMigration(): Promise<void> {
    const path = join(tree, 'src/database/migrations.ts');
    const migration = (await blocks('ts')).find((block) => block.includes('implements MigrationInterface')) ?? '';
    const file = /migrations\/\S+(?=\.ts)/.exec(migration)?.[0] ?? '';
    const name = /export class (\w+)/.exec(migration)?.[1] ?? '';
    const text = await readFile(path, 'utf8');
    await writeFile(path, `import { ${name} } from './${file}.js';\n${text.replace(/\];\n$/, `  ${name},\n];\n`)}`);
  }

  it('compile', async () => {
    const compiler = join('node_modules', 'ts7', 'bin', 'tsc');
    const asked = run(process.execPath, [compiler, '-p', 'tsconfig.json', '--noEmit'], { cwd: tree });
    expect(await asked.catch((error: { stdout: string }) => error)).toMatchObject({ stdout: '' });
  });

  it('pass the tests that come with them', async () => {
    const specs = (await blocks('sh')).join('').match(/(?<=^npx vitest run )test\/\S+(?=\n)/gm) ?? [];
    expect(specs).toHaveLength(3);
    const vitest = join('node_modules', 'vitest', 'vitest.mjs');
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
    const { stdout } = await run(process.execPath, [vitest, 'run', ...specs], { cwd: tree, env });
    expect(stdout).toMatch(/^4 passed, 0 failed$/m);
  });
});

import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../support/root.js';

const HISTORIES = 2;

/** The command that people run, in a process of its own: it compiles what is killed. */
const faults = (...args: string[]): Promise<{ code: number; told: string }> =>
  new Promise((resolve) => {
    execFile('npm', ['run', '--silent', 'faults', '--', ...args], { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), told: `${stdout}${stderr}` }),
    );
  });

/** Other seeds: `npm run faults -- --real --histories N --seed S`. */
describe('histories with real parts', { timeout: 900_000 }, () => {
  it('end as the reference model has it, and delete nothing that was wanted', async () => {
    const { code, told } = await faults('--real', '--histories', String(HISTORIES), '--seed', '44');
    expect(told).toContain(`${HISTORIES} histories with real parts: 0 failed`);
    expect(code).toBe(0);
  });

  it('find a delete that is decided on half an input, and print what plays it again', async () => {
    const { code, told } = await faults('--real', '--plant', 'premature-delete');
    expect(code).toBe(1);
    expect(told).toContain('=> wrong delete');
    expect(told).toContain('npm run faults -- --real --plant premature-delete');
  });
});

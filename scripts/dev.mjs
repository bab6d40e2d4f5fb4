// A hub that starts anew whenever a file of src/ changes: the compiler follows src/, Node what the hub loaded of dist/.
import { spawn, spawnSync } from 'node:child_process';
import process from 'node:process';

const compiler = ['node_modules/ts7/bin/tsc', '-p', 'tsconfig.json'];
const built = spawnSync(process.execPath, compiler, { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

const children = [
  spawn(process.execPath, [...compiler, '--watch', '--preserveWatchOutput'], { stdio: 'inherit' }),
  spawn(process.execPath, ['--watch', '--watch-preserve-output', '--enable-source-maps', 'dist/hub.js'], {
    stdio: 'inherit',
  }),
];

function stop() {
  for (const child of children) child.kill('SIGTERM');
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
for (const child of children) child.on('exit', stop);

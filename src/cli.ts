#!/usr/bin/env node
import { runCommand } from './cli/run-command.js';
import { Output } from './cli/output.js';
import { readCliConfig } from './config/cli-config.js';

// Never process.exit: what a slow pipe has not taken yet would be lost.
process.exitCode = await runCommand(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: new Output(process.stdout),
  stderr: new Output(process.stderr),
  ...readCliConfig(),
});

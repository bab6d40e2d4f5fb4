import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ROOT } from './root.js';

export interface Instruction {
  name: string;
  text: string;
}

export interface Stage {
  base: string;
  name: string | undefined;
  instructions: Instruction[];
}

export interface Copy {
  /** Another stage's name; undefined for the build's own folder. */
  from: string | undefined;
  sources: string[];
  target: string;
}

/** A Dockerfile by its stages; comments dropped, continued lines joined. */
export function readDockerfile(path: string): Stage[] {
  const text = readFileSync(resolve(ROOT, path), 'utf8')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '');
  const stages: Stage[] = [];
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    const [, base = '', alias] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(rest) ?? [];
    if (name === 'FROM') stages.push({ base, name: alias, instructions: [] });
    else stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

export function copiesOf({ instructions }: Stage): Copy[] {
  return instructions
    .filter(({ name }) => name === 'COPY')
    .map(({ text }) => {
      const words = text.split(/\s+/);
      const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
      return { from, target: words.at(-1) ?? '', sources: words.slice(0, -1) };
    });
}

/** The text of the stage's one instruction of a name, or undefined. */
export function only({ instructions }: Stage, name: string): string | undefined {
  return instructions.find((each) => each.name === name)?.text;
}

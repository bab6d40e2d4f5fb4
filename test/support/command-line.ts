import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { resolve } from 'node:path';

const ENTRY = resolve(import.meta.dirname, '../../dist/cli.js');

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** `fleetwright` as it is shipped (`npm test` builds first), in a process of its own. */
export function startFleetwright(words: readonly string[]) {
  return spawn(process.execPath, [ENTRY, ...words], { env: { PATH: process.env['PATH'] }, stdio: 'pipe' });
}

export async function fleetwright(words: readonly string[], input?: string): Promise<Ran> {
  const child = startFleetwright(words);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

/** One entry of `applicationSets` in the JSON result. */
export interface PrintedSet {
  name: string;
  namespace: string;
  applications: { apiVersion: string; kind: string; metadata: { name: string; namespace: string }; spec: object }[];
  errors: { code: string; message: string; path: string }[];
}

/** `expand -o json`, with documents on standard input. */
export async function expandJson(documents: unknown, flags: readonly string[] = []) {
  const input = typeof documents === 'string' ? documents : JSON.stringify(documents);
  const { code, stdout, stderr } = await fleetwright(['expand', '-f', '-', '-o', 'json', ...flags], input);
  const sets = (JSON.parse(stdout) as { applicationSets: PrintedSet[] }).applicationSets;
  return { code, stderr, sets };
}

/** An ApplicationSet whose list generator has these names, and what `spec` says otherwise. */
export function listSet(name: string, names: readonly string[], spec: object = {}) {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name, namespace: 'argocd' },
    spec: {
      generators: [{ list: { elements: names.map((each) => ({ name: each })) } }],
      template: {
        metadata: { name: '{{name}}' },
        spec: {
          project: 'team-a',
          destination: { server: 'https://s.example.com', namespace: '{{name}}' },
          source: { repoURL: 'https://git.example.com/a.git', path: 'p', targetRevision: 'HEAD' },
        },
      },
      ...spec,
    },
  };
}

export function listOf(...items: unknown[]) {
  return { apiVersion: 'v1', kind: 'List', items };
}

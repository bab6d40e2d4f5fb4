import { compareBytes } from '../../expansion/go-format.js';
import type { ApplicationSpec } from '../../applications/domain/application.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { toYaml } from '../../kubernetes/yaml.js';
import type { Output } from '../output.js';
import { formatColumns } from '../columns.js';
import type { OutputFormat } from './expand-options.js';
import type { ExpandedSet } from './expand-set.js';

/** Writes the result and nothing else, piece by piece as fast as the reader takes it. */
export async function printResult(sets: readonly ExpandedSet[], format: OutputFormat, stdout: Output): Promise<void> {
  const buffer = new PieceBuffer(stdout);
  for (const piece of PRINTERS[format](sets)) {
    await buffer.add(piece);
    if (stdout.isClosed) return;
  }
  await buffer.flush();
}

const PRINTERS: Record<OutputFormat, (sets: readonly ExpandedSet[]) => Iterable<string>> = {
  json: jsonPieces,
  yaml: yamlPieces,
  table: tablePieces,
};

function* jsonPieces(sets: readonly ExpandedSet[]): Generator<string> {
  yield '{"applicationSets":[';
  for (const [index, { name, namespace, applications, errors }] of sets.entries()) {
    yield `${index === 0 ? '\n' : ',\n'}{"name":${JSON.stringify(name)},"namespace":${JSON.stringify(namespace)}`;
    yield ',"applications":[';
    for (const [at, application] of applications.entries())
      yield (at === 0 ? '\n' : ',\n') + JSON.stringify(application);
    yield `],"errors":${JSON.stringify(errors.map(({ code, message, path }) => ({ code, message, path })))}}`;
  }
  yield ']}\n';
}

function* yamlPieces(sets: readonly ExpandedSet[]): Generator<string> {
  for (const application of allByName(sets)) yield `---\n${toYaml(application)}`;
}

function* tablePieces(sets: readonly ExpandedSet[]): Generator<string> {
  const rows = sets.flatMap(({ name, applications }) => applications.map((application) => rowOf(name, application)));
  const head = ['APPLICATIONSET', 'APPLICATION', 'PROJECT', 'CLUSTER', 'NAMESPACE'];
  for (const line of formatColumns([head, ...rows])) yield `${line}\n`;
}

function allByName(sets: readonly ExpandedSet[]): KubernetesObject[] {
  const all = sets.flatMap(({ applications }) => applications);
  return all.sort((left, right) => compareBytes(left.metadata.name, right.metadata.name));
}

function rowOf(set: string, { metadata, ...body }: KubernetesObject): string[] {
  const { project, destination } = body['spec'] as Partial<ApplicationSpec>;
  const cluster = destination?.name || destination?.server;
  return [set, metadata.name, project, cluster, destination?.namespace].map((cell) => cell || '-');
}

const PIECE_CHARACTERS = 1 << 16;

/** Joins small pieces: each write is waited for. */
class PieceBuffer {
  private text = '';

  constructor(private readonly stdout: Output) {}

  async add(piece: string): Promise<void> {
    this.text += piece;
    if (this.text.length >= PIECE_CHARACTERS) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.text;
    this.text = '';
    await this.stdout.write(text);
  }
}

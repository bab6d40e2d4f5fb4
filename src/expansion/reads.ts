import type { RemoteRead } from './expansion.js';
import { ExpansionFailure } from './failure.js';
import type { ClusterRecord, ExpansionReader, ReadFailure } from './reader.js';
import type { RemoteReader } from './remote-reader.js';
import { canonicalJson } from '../kernel/json.js';
import type { Result } from '../kernel/result.js';

type RemoteInput = Omit<RemoteRead, 'results'>;

/** Asks the reader once for each distinct thing in an expansion, and keeps what each remote input gave. */
export class Reads {
  private clusterList?: Promise<readonly ClusterRecord[]>;
  private readonly answers = new Map<string, Promise<Result<unknown, ReadFailure>>>();
  private readonly contents = new Map<string, Promise<unknown>>();
  private readonly recorded = new Map<string, RemoteRead>();

  constructor(private readonly reader: ExpansionReader) {}

  clusters(): Promise<readonly ClusterRecord[]> {
    this.clusterList ??= this.reader.clusters();
    return this.clusterList;
  }

  /** Throws ExpansionFailure with the reader's code where the tree cannot be read. */
  async paths(kind: 'directories' | 'files', source: GitSource): Promise<readonly string[]> {
    const { repoURL, revision, path } = source;
    const read = () =>
      kind === 'directories' ? this.reader.gitDirectories(repoURL, revision) : this.reader.gitFiles(repoURL, revision);
    return orFail(await this.once(JSON.stringify([kind, repoURL, revision]), read), path);
  }

  async file({ repoURL, revision, path }: GitSource, file: string): Promise<string> {
    const read = () => this.reader.gitFile(repoURL, revision, file);
    return orFail(await this.once(JSON.stringify(['file', repoURL, revision, file]), read), path);
  }

  /** Throws ExpansionFailure GENERATOR_NOT_SUPPORTED where nothing is read over the network. */
  remote(path: string): RemoteReader {
    const { remote } = this.reader;
    if (remote) return remote;
    const generator = path.slice(path.lastIndexOf('.') + 1);
    const message = `the generator ${generator} is not supported here: it asks over the network, which only the hub does`;
    throw new ExpansionFailure('GENERATOR_NOT_SUPPORTED', message, path);
  }

  /** Asks a remote input once for each distinct question; throws ExpansionFailure with the reader's code. */
  async answer<T>(question: readonly unknown[], path: string, read: () => Promise<Result<T, ReadFailure>>): Promise<T> {
    return orFail(await this.once(canonicalJson(question), read), path);
  }

  /** Adds to what the same input gave before in this branch, as when a matrix reads it once for each parameter set. */
  record(input: RemoteInput, results: number): void {
    const key = JSON.stringify([input.path, input.kind, input.repoURL, input.revision, input.patterns]);
    const known = this.recorded.get(key);
    if (known) known.results = Math.max(known.results, results);
    else this.recorded.set(key, { ...input, results });
  }

  /** What was recorded since the last call, in order of first reading. */
  takeRecorded(): RemoteRead[] {
    const reads = [...this.recorded.values()];
    this.recorded.clear();
    return reads;
  }

  /** What a file holds, read and parsed once however often a matrix asks. */
  content<T>(source: GitSource, file: string, parse: (text: string) => T): Promise<T> {
    const key = JSON.stringify([source.repoURL, source.revision, file]);
    const known = this.contents.get(key) as Promise<T> | undefined;
    if (known) return known;
    const content = this.file(source, file).then(parse);
    this.contents.set(key, content);
    return content;
  }

  private once<T>(key: string, read: () => Promise<Result<T, ReadFailure>>): Promise<Result<T, ReadFailure>> {
    const known = this.answers.get(key) as Promise<Result<T, ReadFailure>> | undefined;
    if (known) return known;
    const answer = read();
    this.answers.set(key, answer);
    return answer;
  }
}

export interface GitSource {
  repoURL: string;
  revision: string;
  /** Of the generator, for errors. */
  path: string;
}

function orFail<T>(answer: Result<T, ReadFailure>, path: string): T {
  if (answer.ok) return answer.value;
  throw new ExpansionFailure(answer.error.code, answer.error.message, path);
}

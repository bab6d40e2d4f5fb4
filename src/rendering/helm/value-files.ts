import { fail, ok, type Result } from '../../kernel/result.js';
import type { Checkout } from '../../repositories/domain/checkout.js';
import { cleanPath } from '../../repositories/domain/git-tree.js';
import { substitute } from '../domain/build-environment.js';
import { compileValueGlob, isGlob } from '../domain/helm/value-globs.js';
import { renderFailure, type RenderFailure } from '../domain/render-failure.js';
import type { RenderJob } from '../renderer.js';

interface Located {
  checkout: Checkout;
  path: string;
}

const REFERENCE = /^\$([a-zA-Z0-9_-]+)\//;

/** Finds and reads the files that an Application hands to Helm, in its own repository or in one it refers to. */
export class ValueFiles {
  constructor(
    private readonly job: Pick<RenderJob, 'checkout' | 'path' | 'references'>,
    private readonly environment: ReadonlyMap<string, string>,
  ) {}

  /**
   * Texts in the order that Helm is to merge them. A glob stands for its files by name, without those that are listed
   * themselves (argocd-behaviour.md 4.1).
   */
  async readAll(names: readonly string[], { ignoreMissing = false } = {}): Promise<Result<string[], RenderFailure>> {
    const located: Located[] = [];
    for (const name of names) {
      const found = this.locate(name);
      if (!found.ok) return found;
      located.push(found.value);
    }
    const listed = new Set(located.map(keyOf));
    const texts: string[] = [];
    for (const [index, file] of located.entries()) {
      const read = await this.readListed(file, listed);
      if (read.ok) texts.push(...read.value);
      else if (read.error.code !== 'PATH_NOT_FOUND') return read;
      else if (!ignoreMissing) return fail(missing(names[index] ?? ''));
    }
    return ok(texts);
  }

  async read(name: string): Promise<Result<string, RenderFailure>> {
    const file = this.locate(name);
    if (!file.ok) return file;
    const text = await textOf(file.value);
    return text.ok || text.error.code !== 'PATH_NOT_FOUND' ? text : fail(missing(name));
  }

  private async readListed(file: Located, listed: Set<string>): Promise<Result<string[], RenderFailure>> {
    const text = await textOf(file);
    if (text.ok) return ok([text.value]);
    if (text.error.code !== 'PATH_NOT_FOUND' || !isGlob(file.path)) return text;
    const matches = compileValueGlob(file.path);
    if (matches === undefined) {
      return fail(renderFailure('SOURCE_INVALID', `the value file "${file.path}" is no glob`, 'helm.valueFiles'));
    }
    const texts: string[] = [];
    for (const path of file.checkout.tree.files().filter(matches).sort()) {
      const key = keyOf({ ...file, path });
      if (listed.has(key)) continue;
      listed.add(key);
      const found = await textOf({ ...file, path });
      if (!found.ok) return found;
      texts.push(found.value);
    }
    return texts.length > 0 ? ok(texts) : text;
  }

  /** A path is seen from the source's directory, `/…` from the root of its repository, `$ref/…` from that of another. */
  private locate(name: string): Result<Located, RenderFailure> {
    const reference = REFERENCE.exec(name)?.[1];
    const other = reference === undefined ? undefined : this.job.references.get(reference);
    if (reference !== undefined && other === undefined && !this.environment.has(reference)) {
      const message = `"${name}" names the ref "${reference}", which no source of the Application has`;
      return fail(renderFailure('SOURCE_INVALID', message, 'helm.valueFiles'));
    }
    if (other !== undefined && reference !== undefined) {
      return inside(other, this.substituted(name.slice(reference.length + 2)), name);
    }
    const path = this.substituted(name);
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return fail(remoteRefused(path));
    const { checkout, path: directory } = this.job;
    return inside(checkout, path.startsWith('/') ? path.replace(/^\/+/, '') : `${directory}/${path}`, name);
  }

  private substituted(text: string): string {
    return substitute(text, this.environment);
  }
}

function inside(checkout: Checkout, path: string, name: string): Result<Located, RenderFailure> {
  const clean = cleanPath(path.replace(/^\/+/, ''));
  if (clean !== undefined) return ok({ checkout, path: clean });
  return fail(renderFailure('PATH_ESCAPE', `the file "${name}" lies outside of its repository`, 'helm'));
}

async function textOf({ checkout, path }: Located): Promise<Result<string, RenderFailure>> {
  const contents = await checkout.contents([path]);
  return contents.ok ? ok(contents.value[0]?.toString('utf8') ?? '') : contents;
}

function keyOf({ checkout, path }: Located): string {
  return `${checkout.tree.rootSha} ${path}`;
}

function missing(name: string): RenderFailure {
  const message = `there is no file "${name}": mend its name, or set helm.ignoreMissingValueFiles`;
  return renderFailure('PATH_NOT_FOUND', message, 'helm.valueFiles');
}

function remoteRefused(url: string): RenderFailure {
  const shown = url.replace(/\/\/[^/@\s]*@/, '//').slice(0, 200);
  const message = `the value file ${shown} would be read over the network: keep it in a repository`;
  return renderFailure('SOURCE_INVALID', message, 'helm.valueFiles');
}

import type { ApplicationSetDocument, ApplicationSetSpec } from '../../src/expansion/applicationset-document.js';
import type { Expansion, GeneratedApplication, RenderedDocument } from '../../src/expansion/expansion.js';
import { expandApplicationSet, expandDocuments } from '../../src/expansion/expand.js';
import type { ExpansionLimits } from '../../src/expansion/limits.js';
import type { ExpansionReader } from '../../src/expansion/reader.js';
import { MemoryExpansionReader } from './memory-expansion-reader.js';

/** What generators give, before any template: the template here has no tags. */
export function expandGenerators(
  generators: unknown[],
  reader: ExpansionReader = new MemoryExpansionReader(),
  limits: Partial<ExpansionLimits> = {},
): Promise<Expansion<RenderedDocument>> {
  return expandDocuments({ generators, template: {} }, reader, limits);
}

/** The parameter sets of one generator entry that must not fail. */
export async function parametersOf(entry: unknown, reader?: ExpansionReader): Promise<Record<string, unknown>[]> {
  const { documents, errors } = await expandGenerators([entry], reader);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return documents.map(({ origin }) => ({ ...origin.parameters }));
}

/** The first error of one generator entry, which must give nothing. */
export async function refusalOf(entry: unknown, reader?: ExpansionReader): Promise<{ code: string; path: string }> {
  const { documents, errors, branches } = await expandGenerators([entry], reader);
  const [error] = errors;
  if (!error || documents.length > 0 || branches[0]?.state !== 'failed') throw new Error('nothing was refused');
  return { code: error.code, path: error.path };
}

/** An ApplicationSet with one list element, `{name: web, flag: "true"}`, and what `spec` says otherwise. */
export function setWith(spec: Partial<ApplicationSetSpec> = {}): ApplicationSetDocument {
  return {
    metadata: { name: 'set', namespace: 'argocd' },
    spec: {
      generators: [{ list: { elements: [{ name: 'web', flag: 'true' }] } }],
      template: {
        metadata: { name: 'app-{{name}}' },
        spec: { project: 'team-a', destination: { server: 'https://s' }, source: { repoURL: 'https://r', path: 'p' } },
      },
      ...spec,
    },
  };
}

export function expandSet(
  spec: Partial<ApplicationSetSpec>,
  reader: ExpansionReader = new MemoryExpansionReader(),
  limits: Partial<ExpansionLimits> = {},
): Promise<Expansion<GeneratedApplication>> {
  return expandApplicationSet(setWith(spec), reader, limits);
}

/** The only Application of a set that must not fail. */
export async function applicationOf(spec: Partial<ApplicationSetSpec>): Promise<GeneratedApplication> {
  const { documents, errors } = await expandSet(spec);
  const [application] = documents;
  if (!application || documents.length > 1 || errors.length > 0) throw new Error(JSON.stringify(errors));
  return application;
}

import { own } from '../../kernel/json.js';
import { ExpansionFailure } from '../failure.js';
import { objectOf } from '../fields.js';
import type { ProviderQuery } from '../remote-reader.js';
import { requeueSeconds } from '../requeue-interval.js';
import type { GeneratorInput } from './generator.js';

/** The first of the known providers that the generator has a block for; the others are ignored, as by Argo CD. */
export function providerBlock({ spec, path }: GeneratorInput, known: readonly string[]): ProviderQuery {
  const provider = known.find((key) => own(spec, key) != null);
  if (provider === undefined) {
    throw new ExpansionFailure('PROVIDER_MISSING', `${path} names no provider; use one of ${known.join(', ')}`, path);
  }
  const generator = path.slice(path.lastIndexOf('.') + 1);
  return {
    provider,
    spec: objectOf(own(spec, provider), `${path}.${provider}`),
    path: `${path}.${provider}`,
    maxAgeSeconds: requeueSeconds(generator, spec),
  };
}

const IDENTITY = ['api', 'organization', 'teamProject', 'group', 'owner', 'project', 'repo', 'region', 'role'];

/** The provider and what is asked of it in one line, for the memory of what an input gave. */
export function sourceName({ provider, spec }: ProviderQuery): string {
  const parts = IDENTITY.map((key) => own(spec, key)).filter((part) => typeof part === 'string' && part !== '');
  return [provider, ...parts].join(' ');
}

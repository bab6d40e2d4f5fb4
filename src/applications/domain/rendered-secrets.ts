import type { ObjectId } from '../../kernel/object.js';

const NAMED = 5;

/** Which Secrets a bundle carries the content of, in words; undefined where it carries none. Values are never told. */
export function renderedSecrets(bundle: { objects: readonly ObjectId[]; sensitive: boolean }): string | undefined {
  if (!bundle.sensitive) return undefined;
  const secrets = bundle.objects.filter(({ group, kind }) => group === '' && kind === 'Secret');
  const names = secrets.map(({ namespace, name }) => (namespace === '' ? name : `${namespace}/${name}`));
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return (
    `SECRET_IN_SOURCE: the source renders Secret ${names.slice(0, NAMED).join(', ')}${more} with its content: ` +
    'whoever reads the repository reads it. Use an ExternalSecret or a SealedSecret.'
  );
}

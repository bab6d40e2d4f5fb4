import type { FieldFault } from '../../kernel/errors.js';
import { isObject, own } from '../../kernel/json.js';

/** What becomes of a bundle that carries a Secret's content: `warn` delivers it with a condition, `refuse` does not. */
export type RenderedSecrets = 'warn' | 'refuse';

/** An annotation, so that the document stays Argo CD's own. */
const ANNOTATION = 'fleetwright.io/rendered-secrets';

/** What a project says of Secrets in sources; what nobody understands refuses them. */
export function renderedSecretsOf(annotations: Record<string, string>): RenderedSecrets {
  const word = own(annotations, ANNOTATION) ?? 'warn';
  return word === 'warn' ? 'warn' : 'refuse';
}

/** `annotations` as somebody wrote them. */
export function renderedSecretsFaults(annotations: unknown): FieldFault[] {
  const word = isObject(annotations) ? own(annotations, ANNOTATION) : undefined;
  if (word === undefined || word === 'warn' || word === 'refuse') return [];
  return [
    {
      path: `metadata.annotations["${ANNOTATION}"]`,
      message: 'is neither warn nor refuse',
      expected: 'warn or refuse',
      got: String(word).slice(0, 80),
    },
  ];
}

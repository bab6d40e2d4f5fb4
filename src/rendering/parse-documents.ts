import { FleetError } from '../kernel/errors.js';
import { fail, ok, type Result } from '../kernel/result.js';
import { parseYamlDocuments } from '../kubernetes/yaml.js';
import type { ManifestDocument } from './domain/check-manifests.js';
import { renderFailure, type RenderFailure, type RenderFailureCode } from './domain/render-failure.js';

/**
 * The documents of a text that decides how to render, with where each stands; the reader's bounds and complaints as
 * values. Kustomize refuses a key given twice, where Helm and Argo CD let the last one count.
 */
export function parseDocuments(
  text: string,
  origin: string,
  duplicateKeys: 'refuse' | 'last-wins' = 'refuse',
): Result<ManifestDocument[], RenderFailure> {
  try {
    const values = parseYamlDocuments(text, { maxBytes: MAX_TEXT, duplicateKeys });
    const many = values.length > 1;
    return ok(values.map((value, index) => ({ origin: many ? `${origin} document ${index + 1}` : origin, value })));
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    return fail(renderFailure(error.code as RenderFailureCode, `${origin}: ${error.message}`, origin));
  }
}

const MAX_TEXT = 32 << 20;

import { FleetError } from '../kernel/errors.js';
import { isObject } from '../kernel/json.js';
import { fail, ok, type Result } from '../kernel/result.js';
import { manifestStream, parseJsonManifest } from '../kubernetes/manifest-stream.js';
import type { ManifestDocument } from './domain/check-manifests.js';
import { renderFailure, type RenderFailure, type RenderFailureCode } from './domain/render-failure.js';

export interface ReadManifests {
  /** Those before the first that cannot be read. */
  documents: ManifestDocument[];
  failure?: RenderFailure;
}

const MAX_TEXT = 32 << 20;

/** The manifests of a YAML text, with where each stands: objects of some kind, up to the first document that is none. */
export function readManifests(text: string, origin: string): ReadManifests {
  const documents: ManifestDocument[] = [];
  const failed = (code: RenderFailureCode, message: string): ReadManifests => {
    const place = documents.length === 0 ? origin : `${origin} document ${documents.length + 1}`;
    return { documents: named(documents, origin), failure: renderFailure(code, `${place}: ${message}`, origin) };
  };
  try {
    for (const value of manifestStream(text, MAX_TEXT)) {
      const fault = faultIn(value);
      if (fault !== undefined) return failed('MANIFEST_INVALID', fault);
      documents.push({ origin, value });
    }
  } catch (error) {
    if (error instanceof FleetError) return failed(error.code as RenderFailureCode, error.message);
    throw error;
  }
  return { documents: named(documents, origin) };
}

/** What a renderer printed, where everything must be a manifest. */
export function parseManifests(text: string, origin: string): Result<ManifestDocument[], RenderFailure> {
  const { documents, failure } = readManifests(text, origin);
  return failure === undefined ? ok(documents) : fail(failure);
}

/** The one object of a `.json` file. */
export function parseJsonFile(text: string, origin: string): Result<ManifestDocument[], RenderFailure> {
  try {
    const value = parseJsonManifest(text, MAX_TEXT);
    const fault = faultIn(value);
    return fault === undefined
      ? ok([{ origin, value }])
      : fail(renderFailure('MANIFEST_INVALID', `${origin}: ${fault}`, origin));
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    return fail(renderFailure(error.code as RenderFailureCode, `${origin}: ${error.message}`, origin));
  }
}

function faultIn(value: unknown): string | undefined {
  if (!isObject(value)) return 'a manifest must be an object';
  return typeof value.kind === 'string' && value.kind !== '' ? undefined : 'a manifest must have a kind';
}

function named(documents: ManifestDocument[], origin: string): ManifestDocument[] {
  if (documents.length < 2) return documents;
  return documents.map(({ value }, index) => ({ origin: `${origin} document ${index + 1}`, value }));
}

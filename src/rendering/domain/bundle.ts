import { canonicalJson } from '../../kernel/json.js';
import { digestBytes } from '../../kernel/digest.js';
import type { KubernetesObject } from '../../kernel/object.js';

/** A renderer's output, before tracking, default namespace and labels: what clusters with equal inputs share. */
export interface Bundle {
  version: 1;
  objects: KubernetesObject[];
}

/** The bytes that are stored, downloaded and digested. */
export function encodeBundle(objects: readonly KubernetesObject[]): { digest: string; text: string } {
  const text = canonicalJson({ version: 1, objects });
  return { digest: digestBytes(text), text };
}

/** Checks the digest before anything is read. Throws when the bytes are not the bundle that was named. */
export function decodeBundle(text: string, digest: string): Bundle {
  const found = digestBytes(text);
  if (found !== digest) throw new Error(`bundle ${digest} arrived as ${found}: the download is corrupt or was changed`);
  return JSON.parse(text) as Bundle;
}

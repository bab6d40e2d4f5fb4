import { isObject, own } from '../../../kernel/json.js';

/** The archive of a chart, as a registry's manifest names it. */
export interface ArchiveLayer {
  digest: string;
  size: number;
}

const LAYERS = new Set(['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'application/tar+gzip']);

/** Undefined where the manifest is of something else than a chart. */
export function archiveLayer(manifest: unknown): ArchiveLayer | undefined {
  const layers = isObject(manifest) ? own(manifest, 'layers') : undefined;
  const found = Array.isArray(layers) ? (layers as unknown[]).filter(isChart) : [];
  const [layer] = found;
  if (layer === undefined || found.length > 1) return undefined;
  const [digest, size] = [own(layer, 'digest'), own(layer, 'size')];
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest)) return undefined;
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? { digest, size } : undefined;
}

function isChart(layer: unknown): layer is Record<string, unknown> {
  return isObject(layer) && LAYERS.has(String(own(layer, 'mediaType')));
}

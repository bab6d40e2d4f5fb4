import type { ObjectMeta } from '../../../kernel/object.js';

const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';
const HOOK_WEIGHT = 'helm.sh/hook-weight';
const WHOLE_NUMBER = /^[+-]?\d{1,9}$/;

/** The sync wave of an object; what cannot be read as a whole number is wave 0 (argocd-behaviour.md 4.7). */
export function waveOf(metadata: ObjectMeta): number {
  const text = metadata.annotations?.[SYNC_WAVE] ?? metadata.annotations?.[HOOK_WEIGHT];
  return text !== undefined && WHOLE_NUMBER.test(text) ? Number(text) : 0;
}

import type { ObjectMeta } from '../../kernel/object.js';

const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
const HELM_POLICY = 'helm.sh/resource-policy';

/** The options of one object's annotation: comma-separated, blanks trimmed (argocd-behaviour.md 4.4). */
function objectOptions(metadata: ObjectMeta): string[] {
  return splitOptions(metadata.annotations?.[SYNC_OPTIONS]);
}

/** The value of an option such as `Prune`, the object's word before the Application's. Undefined when neither says. */
export function optionValue(
  name: string,
  ofObject: readonly string[],
  ofApplication: readonly string[] = [],
): string | undefined {
  return lastValue(name, ofObject) ?? lastValue(name, ofApplication);
}

/** True for objects that outlive their Application: `Delete=false` or Helm's `keep`. `Delete=confirm` keeps too, as nobody has confirmed. */
export function keepsOnDelete(metadata: ObjectMeta, ofApplication: readonly string[]): boolean {
  const value = optionValue('Delete', objectOptions(metadata), ofApplication);
  return value === 'false' || value === 'confirm' || metadata.annotations?.[HELM_POLICY] === 'keep';
}

/** True for objects that stay when they leave the bundle: `Prune=false`, or `Prune=confirm`, which nobody has confirmed. */
export function keepsOnPrune(metadata: ObjectMeta, ofApplication: readonly string[]): boolean {
  const value = optionValue('Prune', objectOptions(metadata), ofApplication);
  return value === 'false' || value === 'confirm';
}

function splitOptions(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((option) => option.trim())
    .filter((option) => option !== '');
}

function lastValue(name: string, options: readonly string[]): string | undefined {
  const prefix = `${name}=`;
  return options.findLast((option) => option.startsWith(prefix))?.slice(prefix.length);
}

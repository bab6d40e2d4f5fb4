import type { ObjectMeta } from '../../../kernel/object.js';

const HOOK = 'argocd.argoproj.io/hook';
const HELM_HOOK = 'helm.sh/hook';
/** Helm's word for a definition that is applied like any other object. */
const CRD_INSTALL = 'crd-install';

/** The hook types an object is annotated with, or undefined when it is an ordinary object (argocd-behaviour.md 4.7). */
export function hookOf(metadata: ObjectMeta): string | undefined {
  const argo = metadata.annotations?.[HOOK]?.trim();
  if (argo !== undefined && argo !== '') return argo;
  const helm = metadata.annotations?.[HELM_HOOK]?.trim();
  return helm === undefined || helm === '' || helm === CRD_INSTALL ? undefined : helm;
}

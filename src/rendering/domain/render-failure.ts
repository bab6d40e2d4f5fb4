import type { ReadFailure, ReadFailureCode } from '../../repositories/domain/read-failure.js';

/** Why a source gives no bundle; stable, for conditions and tests. YAML_* come from kubernetes/yaml. */
export type RenderFailureCode =
  | ReadFailureCode
  | 'SOURCE_INVALID'
  | 'SOURCE_TYPE_NOT_SUPPORTED'
  | 'HELM_FAILED'
  | 'KUSTOMIZE_FAILED'
  | 'KUSTOMIZE_OPTION_REFUSED'
  | 'KUSTOMIZE_REMOTE_REFUSED'
  | 'MANIFEST_INVALID'
  | 'RENDER_TIMEOUT'
  | 'RENDER_TOO_LARGE'
  | 'RENDERER_UNAVAILABLE'
  | 'YAML_ALIAS_BOMB'
  | 'YAML_SYNTAX'
  | 'YAML_TOO_DEEP'
  | 'YAML_TOO_LARGE';

export interface RenderFailure extends Omit<ReadFailure, 'code'> {
  code: RenderFailureCode;
  /** Where: a file of the source, or a field of the Application's source. */
  path?: string;
}

export function renderFailure(code: RenderFailureCode, message: string, path?: string): RenderFailure {
  return path === undefined ? { code, message } : { code, message, path };
}

import type { Result } from '../../kernel/result.js';
import type { ReadFailure } from '../reader.js';
import type { DecisionDocument } from '../remote-reader.js';

/** ConfigMaps and decisions that platform admins applied for generators, all of the control namespace. */
export abstract class GeneratorConfigSource {
  /** CONFIG_MAP_MISSING where there is none of that name. */
  abstract configMap(name: string): Promise<Result<Readonly<Record<string, string>>, ReadFailure>>;

  /** By name. DECISIONS_NOT_KEPT where the hub keeps no documents of that kind. */
  abstract decisions(kind: {
    apiVersion: string;
    plural: string;
  }): Promise<Result<readonly DecisionDocument[], ReadFailure>>;
}

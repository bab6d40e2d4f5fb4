import { Injectable } from '@nestjs/common';
import { CONTROL_NAMESPACE } from '../../../access/access-object.js';
import { fail, ok, type Result } from '../../../kernel/result.js';
import type { ReadFailure } from '../../reader.js';
import type { DecisionDocument } from '../../remote-reader.js';
import { GeneratorConfigSource } from '../generator-config-source.js';
import { decisionKindOf } from './generator-input.js';
import { GeneratorInputRows } from './generator-input-rows.js';

/** ConfigMaps and decisions that admins applied. */
@Injectable()
export class StoredGeneratorConfigs extends GeneratorConfigSource {
  constructor(private readonly rows: GeneratorInputRows) {
    super();
  }

  async configMap(name: string): Promise<Result<Readonly<Record<string, string>>, ReadFailure>> {
    const row = await this.rows.find({ group: '', kind: 'ConfigMap', namespace: CONTROL_NAMESPACE, name });
    if (row?.content) return ok(row.content as Record<string, string>);
    const message = `there is no ConfigMap "${name}" in namespace ${CONTROL_NAMESPACE}; a platform admin can apply it`;
    return fail({ code: 'CONFIG_MAP_MISSING', message });
  }

  async decisions({
    apiVersion,
    plural,
  }: {
    apiVersion: string;
    plural: string;
  }): Promise<Result<readonly DecisionDocument[], ReadFailure>> {
    const kind = decisionKindOf(apiVersion, plural);
    if (!kind) return fail({ code: 'DECISIONS_NOT_KEPT', message: `the hub keeps no ${plural} of ${apiVersion}` });
    const rows = await this.rows.list({ ...kind, namespace: CONTROL_NAMESPACE });
    return ok(rows.map(({ name, labels, content }) => ({ name, labels, status: content ?? {} })));
  }
}

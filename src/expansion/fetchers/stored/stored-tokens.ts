import { Injectable } from '@nestjs/common';
import { messageOf } from '../../../kernel/errors.js';
import { fail, ok, type Result } from '../../../kernel/result.js';
import type { ReadFailure } from '../../reader.js';
import { TokenSource, type SecretReference } from '../token-source.js';
import { GeneratorInputRows } from './generator-input-rows.js';

/** Tokens of the `scm-creds` Secrets that admins applied. */
@Injectable()
export class StoredTokens extends TokenSource {
  constructor(private readonly rows: GeneratorInputRows) {
    super();
  }

  async token(namespace: string, { secretName, key }: SecretReference): Promise<Result<string, ReadFailure>> {
    const row = await this.rows.find({ group: '', kind: 'Secret', namespace, name: secretName });
    const hint = 'a platform admin can apply it, labelled argocd.argoproj.io/secret-type: scm-creds';
    if (!row) return missing(`there is no Secret "${namespace}/${secretName}" for generators: ${hint}`);
    try {
      const value = this.rows.open(row).get(key);
      return value ? ok(value) : missing(`the Secret "${namespace}/${secretName}" has no key "${key}"`);
    } catch (error) {
      return missing(`${messageOf(error)}; apply the Secret again`);
    }
  }
}

function missing(message: string): Result<never, ReadFailure> {
  return fail({ code: 'SCM_TOKEN_MISSING', message });
}

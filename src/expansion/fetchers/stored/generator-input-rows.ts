import { Injectable } from '@nestjs/common';
import { Transactions, type Queryable } from '../../../database/transactions.js';
import { canonicalJson, type JsonObject } from '../../../kernel/json.js';
import { Sealer } from '../../../kernel/seal.js';

export interface InputKey {
  group: string;
  kind: string;
  namespace: string;
  name: string;
}

/** A Secret has only `sealed`, everything else only `content`. */
export interface GeneratorInputRow extends InputKey {
  labels: Record<string, string>;
  content: JsonObject | null;
  sealed: string | null;
}

const COLUMNS = 'api_group, kind, namespace, name, labels, content, sealed';
const READ = 'api_group as "group", kind, namespace, name, labels, content, sealed';

@Injectable()
export class GeneratorInputRows {
  constructor(
    private readonly transactions: Transactions,
    private readonly sealer: Sealer,
  ) {}

  async find({ group, kind, namespace, name }: InputKey): Promise<GeneratorInputRow | undefined> {
    const [row] = await this.transactions.query<GeneratorInputRow>(
      `select ${READ} from generator_inputs where api_group = $1 and kind = $2 and namespace = $3 and name = $4`,
      [group, kind, namespace, name],
    );
    return row;
  }

  /** By name. */
  list({ group, kind, namespace }: Omit<InputKey, 'name'>): Promise<GeneratorInputRow[]> {
    return this.transactions.query<GeneratorInputRow>(
      `select ${READ} from generator_inputs where api_group = $1 and kind = $2 and namespace = $3 order by name`,
      [group, kind, namespace],
    );
  }

  async put(row: GeneratorInputRow, on: Queryable): Promise<void> {
    const content = row.content === null ? null : JSON.stringify(row.content);
    await on.query(
      `insert into generator_inputs (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (api_group, kind, namespace, name) do update
       set labels = excluded.labels, content = excluded.content, sealed = excluded.sealed, updated_at = now()`,
      [row.group, row.kind, row.namespace, row.name, JSON.stringify(row.labels), content, row.sealed],
    );
  }

  /** Bound to the Secret's name: moved to another row it does not open. */
  seal(key: InputKey, data: ReadonlyMap<string, string>): string {
    return this.sealer.seal(canonicalJson(Object.fromEntries(data)), contextOf(key));
  }

  /** Throws SEAL_BROKEN or SEAL_UNKNOWN_KEY, naming the Secret. */
  open(row: GeneratorInputRow): ReadonlyMap<string, string> {
    const text = row.sealed === null ? '{}' : this.sealer.unseal(row.sealed, contextOf(row));
    return new Map(Object.entries(JSON.parse(text) as Record<string, string>));
  }
}

function contextOf({ namespace, name }: InputKey): string {
  return `scm-creds Secret ${namespace}/${name}`;
}

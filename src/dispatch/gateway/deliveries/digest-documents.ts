import { Injectable } from '@nestjs/common';
import { Transactions, type Queryable, type Transaction } from '../../../database/transactions.js';
import { digestBytes } from '../../../kernel/digest.js';
import { canonicalJson } from '../../../kernel/json.js';

/** Settings and projects, each stored once under the digest that deliveries name it by. */
@Injectable()
export class DigestDocuments {
  constructor(private readonly transactions: Transactions) {}

  /** Answers the digests, in input order. Documents that are there already cost no write. */
  async save(tx: Transaction, documents: readonly unknown[]): Promise<string[]> {
    const texts = documents.map(canonicalJson);
    const digests = texts.map((text) => digestBytes(text));
    const unique = new Map(digests.map((digest, index) => [digest, texts[index]]));
    if (unique.size > 0) {
      await tx.query(
        `insert into digest_documents (digest, content)
         select digest, content from unnest($1::text[], $2::text[]) as n(digest, content) order by digest
         on conflict (digest) do nothing`,
        [[...unique.keys()], [...unique.values()]],
      );
    }
    return digests;
  }

  /** The document's canonical text, whose bytes have that digest. */
  async read(digest: string, on: Queryable = this.transactions): Promise<string | undefined> {
    const [row] = await on.query<{ content: string }>(`select content from digest_documents where digest = $1`, [
      digest,
    ]);
    return row?.content;
  }
}

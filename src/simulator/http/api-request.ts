import type { IncomingMessage } from 'node:http';
import { FleetError, messageOf } from '../../kernel/errors.js';
import { parseYaml } from '../../kubernetes/yaml.js';
import { badRequest } from '../admission.js';
import type { SchemaType } from '../../kubernetes/schema/field-shape.js';
import type { FieldValidation } from '../decoding.js';
import { decodeObject, PROTOBUF } from '../protobuf/decode-object.js';

/** The API server's own limit. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** What the URL says; `token` when it carries one in place of a header. */
export interface RequestAddress {
  path: string;
  query: URLSearchParams;
  token: string | undefined;
}

/** A request as the handlers see it: path below the cluster's root, query, and a body that is read on demand. */
export class ApiRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  /** What the answer is to warn of, beside its body. */
  readonly warnings: string[] = [];
  private readonly token: string | undefined;

  constructor(
    private readonly message: IncomingMessage,
    { path, query, token }: RequestAddress,
  ) {
    this.path = path;
    this.query = query;
    this.token = token;
  }

  get method(): string {
    return this.message.method ?? 'GET';
  }

  get accept(): string {
    return this.message.headers.accept ?? '';
  }

  get bearer(): string {
    if (this.token !== undefined) return this.token;
    return /^Bearer (.+)$/i.exec(this.message.headers.authorization ?? '')?.[1] ?? '';
  }

  /** Without parameters. */
  get contentType(): string {
    return (this.message.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
  }

  /** Who writes: the query's word, or the program's name. */
  get fieldManager(): string {
    const agent = this.message.headers['user-agent']?.split('/')[0] ?? '';
    return this.query.get('fieldManager') || agent || 'unknown';
  }

  get fieldValidation(): FieldValidation {
    const value = this.query.get('fieldValidation') || 'Warn';
    if (value === 'Strict' || value === 'Warn' || value === 'Ignore') return value;
    throw badRequest(`fieldValidation: Unsupported value: "${value}": supported values: "Ignore", "Strict", "Warn"`);
  }

  get isDryRun(): boolean {
    const value = this.query.get('dryRun') ?? '';
    if (value !== '' && value !== 'All')
      throw badRequest(`dryRun: Unsupported value: "${value}": supported values: "All"`);
    return value === 'All';
  }

  get wantsWatch(): boolean {
    const value = this.query.get('watch');
    return value === 'true' || value === '1' || value === '';
  }

  /** Whether the body is in a form that is read here: built-in kinds, which have a type, in protobuf as well. */
  isReadable(type: SchemaType | undefined): boolean {
    return /[/+](json|yaml)$/.test(this.contentType) || (type !== undefined && this.contentType === PROTOBUF);
  }

  /** The body, in protobuf as a message of the type; undefined when there is none. Throws on one that is too large or cannot be read. */
  async body(type?: SchemaType): Promise<unknown> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.message as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) {
        throw new FleetError('too-large', 'BODY_TOO_LARGE', `Request entity too large: limit is ${MAX_BODY_BYTES}`);
      }
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    if (this.contentType === PROTOBUF && type !== undefined && size > 0) return decodeObject(bytes, type);
    const text = bytes.toString('utf8');
    return text === '' ? undefined : this.parse(text);
  }

  private parse(text: string): unknown {
    try {
      if (!this.contentType.endsWith('yaml') || text.startsWith('{')) return JSON.parse(text) as unknown;
      return parseYaml(text);
    } catch (error) {
      throw badRequest(`the body cannot be read: ${messageOf(error)}`);
    }
  }
}

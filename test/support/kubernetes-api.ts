import type { KubernetesObject } from '../../src/kernel/object.js';

export interface Answer {
  code: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read by path in assertions only
  body: any;
  headers: Headers;
}

export interface WatchEvent {
  type: string;
  object: KubernetesObject;
}

export const APPLY = 'application/apply-patch+yaml';
export const MERGE = 'application/merge-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';

/** The plainest client of a Kubernetes API: what a test sends is what goes over the wire. */
export class KubernetesApi {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.send('POST', path, body);
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, body);
  }

  delete(path: string, body?: unknown): Promise<Answer> {
    return this.send('DELETE', path, body);
  }

  patch(path: string, body: unknown, contentType = MERGE): Promise<Answer> {
    return this.send('PATCH', path, body, { 'content-type': contentType });
  }

  apply(path: string, body: unknown, manager = 'fleet', query = ''): Promise<Answer> {
    return this.patch(`${path}?fieldManager=${manager}${query}`, body, APPLY);
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { code: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  }

  /** Opens a watch; resolves once the server has answered, so later writes are certain to be seen. */
  async watch(path: string): Promise<WatchReader> {
    const ended = new AbortController();
    const headers = { authorization: `Bearer ${this.token}` };
    const response = await fetch(this.url + path, { headers, signal: ended.signal });
    if (response.body === null) throw new Error('the watch has no body');
    return new WatchReader(response.body.getReader(), ended);
  }
}

export class WatchReader {
  private text = '';
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly reader: ReadableStreamDefaultReader<Uint8Array>,
    private readonly ended: AbortController,
  ) {}

  /** The next event; undefined when the server has ended the watch. */
  async next(): Promise<WatchEvent | undefined> {
    for (;;) {
      const end = this.text.indexOf('\n');
      if (end >= 0) {
        const line = this.text.slice(0, end);
        this.text = this.text.slice(end + 1);
        return JSON.parse(line) as WatchEvent;
      }
      const { done, value } = await this.reader.read();
      if (done) return undefined;
      this.text += this.decoder.decode(value, { stream: true });
    }
  }

  /** `TYPE name` of the next events. */
  async take(count: number): Promise<string[]> {
    const events: string[] = [];
    while (events.length < count) {
      const event = await this.next();
      if (event === undefined) return [...events, 'END'];
      events.push(`${event.type} ${event.object.metadata.name}`);
    }
    return events;
  }

  close(): void {
    this.ended.abort();
  }
}

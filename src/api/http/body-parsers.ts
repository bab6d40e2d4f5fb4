import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseBoundedJson } from '../../kernel/bounded-json.js';
import { takesSignedBody } from './signed-routes.js';

const JSON_TYPES = ['application/json', 'application/merge-patch+json'];
const YAML_TYPES = ['application/yaml', 'text/yaml', 'application/x-yaml', 'application/apply-patch+yaml'];

/**
 * JSON becomes its value, YAML stays text for the reader of documents; an empty body is no body. A route whose bodies
 * are signed gets their bytes.
 */
export function registerBodyParsers(instance: FastifyInstance): void {
  instance.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) =>
    takesSignedBody(request.routeOptions.config) ? bytes : parseBoundedJson(bytes.toString('utf8')),
  );
  instance.addContentTypeParser(YAML_TYPES, { parseAs: 'string' }, async (_request: unknown, text: string) => text);
}

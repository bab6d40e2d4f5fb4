import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DocumentKinds } from '../../documents/document-kinds.js';
import { expandKinds } from './expand-kinds.js';

export const OPENAPI_PATH = 'api/openapi.json';
const DOCS_PATH = 'api/docs';

/** The description of the API and a page to read it; made on first use and served from this process alone. */
export function serveOpenApi(app: NestFastifyApplication): void {
  let made: OpenAPIObject | undefined;
  SwaggerModule.setup(DOCS_PATH, app, () => (made ??= describe(app)), {
    jsonDocumentUrl: OPENAPI_PATH,
    raw: ['json'],
    customSiteTitle: 'Fleetwright API',
  });
}

function describe(app: NestFastifyApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Fleetwright')
    .setVersion('v1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API token, fw_…' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, base);
  return expandKinds(document, app.get(DocumentKinds, { strict: false }).all);
}

import type { PlanView } from '../../changes/plan-view.js';
import { FleetError, messageOf } from '../../kernel/errors.js';
import { isObject, own } from '../../kernel/json.js';

const TIMEOUT_MS = 120_000;

export interface Hub {
  url: string;
  token: string;
}

/** What the hub says of one document on a dry run. */
export interface PreviewResult {
  kind: string;
  namespace: string;
  name: string;
  action: string;
  warnings: string[];
  error?: { message: string; details?: { code?: string; hint?: string } };
  plan?: PlanView;
}

/** Asks the hub what applying these documents would do. Throws FleetError where it gives no results. */
export async function askForPreview({ url, token }: Hub, documents: readonly unknown[]): Promise<PreviewResult[]> {
  const response = await fetch(new URL('api/v1/apply?dryRun=true', url.endsWith('/') ? url : `${url}/`), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: documents }),
    // A redirect would carry documents and token to somewhere else.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new FleetError('unavailable', 'HUB_UNREACHABLE', `cannot reach the hub at ${url}: ${reasonOf(error)}`);
  });
  const body = parse(await response.text());
  const results = isObject(body) ? own(body, 'results') : undefined;
  if (Array.isArray(results)) return results as PreviewResult[];
  const message = isObject(body) ? own(body, 'message') : undefined;
  const said = typeof message === 'string' ? message : 'this is no answer of a hub';
  throw new FleetError('conflict', 'HUB_REFUSED', `the hub answered with ${response.status}: ${said}`);
}

/** fetch hides what happened in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return messageOf(cause ?? error) || messageOf(error);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

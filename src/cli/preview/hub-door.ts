import type { PlanView } from '../../changes/plan-view.js';
import { own } from '../../kernel/json.js';
import { askHub, refusal } from '../hub/ask-hub.js';
import type { Hub } from '../hub/hub-flags.js';

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
export async function askForPreview(hub: Hub, documents: readonly unknown[]): Promise<PreviewResult[]> {
  const list = { apiVersion: 'v1', kind: 'List', items: documents };
  const answer = await askHub(hub, { path: 'api/v1/apply?dryRun=true', body: list });
  const results = own(answer.body, 'results');
  if (Array.isArray(results)) return results as PreviewResult[];
  throw refusal(answer);
}

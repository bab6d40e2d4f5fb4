import { HEALTH_STATUSES, type HealthStatus } from '../../../dispatch/protocol/report.js';

/** How well one object, or a whole Application, does; `message` says why it is not better and may be empty. */
export interface Health {
  status: HealthStatus;
  message: string;
}

export const healthy = (message = ''): Health => ({ status: 'Healthy', message });
export const progressing = (message: string): Health => ({ status: 'Progressing', message });
export const degraded = (message: string): Health => ({ status: 'Degraded', message });
export const suspended = (message: string): Health => ({ status: 'Suspended', message });
export const unknown = (message: string): Health => ({ status: 'Unknown', message });

/** True when `left` is worse than `right` in Argo CD's order (argocd-behaviour.md 4.10). */
export function isWorse(left: HealthStatus, right: HealthStatus): boolean {
  return HEALTH_STATUSES.indexOf(left) > HEALTH_STATUSES.indexOf(right);
}

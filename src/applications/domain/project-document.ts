import type { AppProjectSpec } from '../../projects/domain/app-project.js';

/** What an agent judges bundles by: a project's rules, without its roles, which are no agent's business. */
export function projectDocument(name: string, spec: AppProjectSpec): { name: string; spec: AppProjectSpec } {
  const {
    destinations,
    clusterResourceWhitelist,
    clusterResourceBlacklist,
    namespaceResourceWhitelist,
    namespaceResourceBlacklist,
  } = spec;
  const rules = {
    destinations,
    clusterResourceWhitelist,
    clusterResourceBlacklist,
    namespaceResourceWhitelist,
    namespaceResourceBlacklist,
  };
  return { name, spec: Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined)) };
}

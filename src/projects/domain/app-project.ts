import type { KubernetesObject } from '../../kernel/object.js';

/** `argoproj.io/v1alpha1` AppProject, as users write it (argocd-behaviour.md 5.1). An absent list and an empty one differ. */
export interface AppProject extends KubernetesObject {
  spec: AppProjectSpec;
}

export interface AppProjectSpec {
  description?: string;
  sourceRepos?: string[];
  sourceNamespaces?: string[];
  destinations?: ProjectDestination[];
  destinationServiceAccounts?: DestinationServiceAccount[];
  clusterResourceWhitelist?: ProjectKind[];
  clusterResourceBlacklist?: ProjectKind[];
  /** Absent: every namespaced kind; empty: none. */
  namespaceResourceWhitelist?: ProjectKind[];
  namespaceResourceBlacklist?: ProjectKind[];
  orphanedResources?: { warn?: boolean; ignore?: { group?: string; kind?: string; name?: string }[] };
  roles?: ProjectRole[];
  syncWindows?: SyncWindow[];
  signatureKeys?: { keyID: string }[];
  sourceIntegrity?: Record<string, unknown>;
  permitOnlyProjectScopedClusters?: boolean;
}

/** Globs; each may be negated by a leading `!`. */
export interface ProjectDestination {
  server?: string;
  name?: string;
  namespace?: string;
}

export interface DestinationServiceAccount {
  server?: string;
  namespace?: string;
  defaultServiceAccount: string;
}

/** Path patterns over API group and kind; `name` counts for cluster-scoped kinds only. */
export interface ProjectKind {
  group?: string;
  kind?: string;
  name?: string;
}

export interface ProjectRole {
  name: string;
  description?: string;
  policies?: string[];
  groups?: string[];
  jwtTokens?: { iat: number; exp?: number; id?: string }[];
}

export interface SyncWindow {
  kind?: string;
  schedule?: string;
  duration?: string;
  applications?: string[];
  namespaces?: string[];
  clusters?: string[];
  manualSync?: boolean;
  timeZone?: string;
  andOperator?: boolean;
  description?: string;
  syncOverrun?: boolean;
}

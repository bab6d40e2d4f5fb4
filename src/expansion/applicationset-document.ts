/** The parts of an `argoproj.io/v1alpha1` ApplicationSet that expansion reads; what is `unknown` is checked on the way. */
export interface ApplicationSetDocument {
  metadata: {
    name: string;
    namespace?: string;
    annotations?: Record<string, string>;
    uid?: string;
    generation?: number;
    creationTimestamp?: string;
  };
  spec: ApplicationSetSpec;
}

export interface ApplicationSetSpec {
  goTemplate?: boolean;
  goTemplateOptions?: string[];
  generators: unknown;
  template: unknown;
  templatePatch?: string;
  syncPolicy?: { preserveResourcesOnDeletion?: boolean; applicationsSync?: string };
  [field: string]: unknown;
}

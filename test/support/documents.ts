/** Documents and files that several specs start from; what a spec is about, it writes itself. */
export const project = (name: string, spec = ''): string => `
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: { name: ${name} }
spec:
  sourceRepos: ['*']
  destinations: [{ server: '*', namespace: '*' }]
  clusterResourceWhitelist: [{ group: '*', kind: '*' }]
${spec}`;

export interface SetText {
  name: string;
  generators: string;
  repoURL: string;
  path: string;
  cluster?: string;
  project?: string;
  template?: string;
}

/** An automated, pruning, self-healing set in fasttemplate mode; each Application is `<set>-<result>`. */
export const applicationSet = ({
  name,
  generators,
  repoURL,
  path,
  cluster = '{{name}}',
  project: owner = 'team-a',
  template = `${name}-{{name}}`,
}: SetText): string => `
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: ${name} }
spec:
  generators: ${generators}
  template:
    metadata: { name: '${template}' }
    spec:
      project: ${owner}
      source: { repoURL: '${repoURL}', targetRevision: main, path: '${path}' }
      destination: { name: '${cluster}', namespace: web }
      syncPolicy:
        automated: { prune: true, selfHeal: true }
        syncOptions: [CreateNamespace=true]
`;

export const deployment = (name: string, image = 'nginx:1', namespace?: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: '${image}' }] }
`;

export const configMap = (name: string, value = '1'): string => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data: { value: '${value}' }
`;

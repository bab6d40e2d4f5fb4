const TWO_KIB = 2048;

/** A ConfigMap of two KiB: the Application of the published figures. */
export function oneObject(element: string): string {
  return configMap(element, 'x'.repeat(TWO_KIB));
}

/** Workload, Service and configuration: the Application that Argo CD was measured with. */
export function threeObjects(element: string): string {
  return [deployment(element), service(element), configMap(element, '1')].join('---\n');
}

function configMap(element: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web-${element} }\ndata: { value: "${value}" }\n`;
}

function service(element: string): string {
  return `apiVersion: v1
kind: Service
metadata: { name: web-${element} }
spec:
  selector: { app: web-${element} }
  ports: [{ port: 80, targetPort: 8080 }]
`;
}

function deployment(element: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: web-${element} }
spec:
  replicas: 1
  selector: { matchLabels: { app: web-${element} } }
  template:
    metadata: { labels: { app: web-${element} } }
    spec:
      containers: [{ name: web, image: registry.example.com/web:1.0.0 }]
`;
}

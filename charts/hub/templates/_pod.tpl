{{/* The pod of a hub with some roles: (dict "root" $ "roles" "api,gateway"). */}}
{{- define "hub.pod" -}}
{{- $ := .root -}}
{{- $values := $.Values -}}
metadata:
  labels:
    {{- include "hub.labels" $ | nindent 4 }}
    fleetwright.io/part: {{ .part }}
    {{- with $values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- if or $values.podAnnotations $values.database.url }}
  annotations:
    {{- with $values.database.url }}
    # Another database starts new pods.
    fleetwright.io/config: {{ . | sha256sum }}
    {{- end }}
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
spec:
  serviceAccountName: {{ include "hub.name" $ }}
  # The hub has nothing to say to the cluster it runs in.
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: 60
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    # Postgres refuses a folder whose rights were widened under it.
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  containers:
    - name: hub
      image: {{ include "hub.image" $ | quote }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        runAsNonRoot: true
        capabilities:
          drop: [ALL]
        seccompProfile:
          type: RuntimeDefault
      env:
        - name: FLEETWRIGHT_HOST
          value: 0.0.0.0
        - name: FLEETWRIGHT_PORT
          value: '8080'
        - name: FLEETWRIGHT_DATA_DIR
          value: /data
        - name: FLEETWRIGHT_ROLES
          value: {{ .roles | quote }}
        - name: FLEETWRIGHT_LOG_LEVEL
          value: {{ $values.logLevel }}
        - name: FLEETWRIGHT_PUBLIC_URL
          value: {{ include "hub.publicUrl" $ | quote }}
        {{- if eq $values.tls.mode "secret" }}
        - name: FLEETWRIGHT_TLS_CERT
          value: /etc/fleetwright/tls/tls.crt
        - name: FLEETWRIGHT_TLS_KEY
          value: /etc/fleetwright/tls/tls.key
        {{- else }}
        - name: FLEETWRIGHT_TLS
          value: {{ $values.tls.mode | quote }}
        {{- end }}
        - name: FLEETWRIGHT_TLS_PIN
          value: {{ include "hub.pinned" $ | quote }}
        {{- if eq $values.tls.mode "own" }}
        {{- $service := include "hub.name" $ }}
        {{- $inside := printf "%s.%s.svc" $service $.Release.Namespace }}
        - name: FLEETWRIGHT_TLS_NAMES
          value: {{ concat (list $service (printf "%s.%s" $service $.Release.Namespace) $inside (printf "%s.cluster.local" $inside)) $values.tls.names | join "," | quote }}
        {{- end }}
        {{- if eq (include "hub.hasDatabase" $) "yes" }}
        - name: DATABASE_URL
          valueFrom:
            secretKeyRef:
              name: {{ $values.database.existingSecret | default (printf "%s-database" (include "hub.name" $)) }}
              key: {{ $values.database.key }}
        {{- end }}
        - name: FLEETWRIGHT_DATABASE_POOL
          value: {{ $values.database.pool | quote }}
        {{- with $values.encryptionKey.existingSecret }}
        - name: FLEETWRIGHT_ENCRYPTION_KEY
          valueFrom:
            secretKeyRef:
              name: {{ . }}
              key: {{ $values.encryptionKey.key }}
        {{- end }}
        {{- range $name, $value := $values.settings }}
        - name: {{ $name }}
          value: {{ $value | quote }}
        {{- end }}
      {{- with $values.envFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - name: http
          containerPort: 8080
      # A first start makes a database; one after a crash recovers it.
      startupProbe:
        httpGet:
          path: /healthz
          port: http
          scheme: {{ include "hub.scheme" $ }}
        failureThreshold: 60
        periodSeconds: 5
      livenessProbe:
        httpGet:
          path: /healthz
          port: http
          scheme: {{ include "hub.scheme" $ }}
        timeoutSeconds: 5
      readinessProbe:
        httpGet:
          path: /readyz
          port: http
          scheme: {{ include "hub.scheme" $ }}
        timeoutSeconds: 5
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      volumeMounts:
        - name: data
          mountPath: /data
        - name: tmp
          mountPath: /tmp
        {{- if eq $values.tls.mode "secret" }}
        - name: tls
          mountPath: /etc/fleetwright/tls
          readOnly: true
        {{- end }}
  volumes:
    - name: data
      {{- if $values.persistence.enabled }}
      persistentVolumeClaim:
        claimName: {{ $values.persistence.existingClaim | default (include "hub.name" $) }}
      {{- else }}
      emptyDir:
        sizeLimit: {{ $values.persistence.cacheSizeLimit }}
      {{- end }}
    - name: tmp
      emptyDir:
        sizeLimit: 1Gi
    {{- if eq $values.tls.mode "secret" }}
    - name: tls
      secret:
        secretName: {{ $values.tls.secretName }}
    {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

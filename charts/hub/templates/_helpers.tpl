{{- define "hub.name" -}}
{{- if contains "fleetwright" .Release.Name -}}
{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-fleetwright" .Release.Name | trunc 50 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{- define "hub.selector" -}}
app.kubernetes.io/name: fleetwright-hub
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "hub.labels" -}}
{{ include "hub.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: fleetwright
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "hub.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "hub.hasDatabase" -}}
{{- if or .Values.database.existingSecret .Values.database.url -}}yes{{- end -}}
{{- end }}

{{- define "hub.scheme" -}}
{{- if eq .Values.tls.mode "off" -}}HTTP{{- else -}}HTTPS{{- end -}}
{{- end }}

{{/* Whether agents that dial publicUrl are shown the hub's own certificate. */}}
{{- define "hub.pinned" -}}
{{- if and .Values.tls.pinned (not (and .Values.ingress.enabled .Values.ingress.tlsSecretName)) -}}true{{- else -}}false{{- end -}}
{{- end }}

{{- define "hub.publicUrl" -}}
{{- if .Values.publicUrl -}}
{{ .Values.publicUrl }}
{{- else if and .Values.ingress.enabled .Values.ingress.tlsSecretName -}}
https://{{ .Values.ingress.host }}
{{- else -}}
https://{{ include "hub.name" . }}.{{ .Release.Namespace }}.svc:{{ .Values.service.port }}
{{- end -}}
{{- end }}

{{/* What the schema cannot say: which values go together. */}}
{{- define "hub.check" -}}
{{- $values := .Values -}}
{{- $several := or (gt (int $values.replicas) 1) $values.controller.separate -}}
{{- $database := eq (include "hub.hasDatabase" .) "yes" -}}
{{- if and $values.database.existingSecret $values.database.url -}}
{{- fail "database.existingSecret and database.url are both set: leave one of them out" -}}
{{- end -}}
{{- if and $several (not $database) -}}
{{- fail "the embedded Postgres serves one replica only: set database.existingSecret (or database.url), or leave replicas at 1 and controller.separate at false" -}}
{{- end -}}
{{- if and (not $database) (not $values.persistence.enabled) -}}
{{- fail "the embedded Postgres needs a volume, or every restart would lose all there is: set persistence.enabled=true, or give database.existingSecret" -}}
{{- end -}}
{{- if and $several $values.persistence.enabled -}}
{{- fail "replicas share no data folder: set persistence.enabled=false beside several replicas" -}}
{{- end -}}
{{- if and (not $values.persistence.enabled) (not $values.encryptionKey.existingSecret) -}}
{{- fail "without a volume the hub cannot keep the key that its credentials are sealed with: set encryptionKey.existingSecret" -}}
{{- end -}}
{{- if and (eq $values.tls.mode "own") (not $values.persistence.enabled) -}}
{{- fail "without a volume the hub cannot keep the authority that its agents pin: set tls.mode=secret with tls.secretName, or tls.mode=off behind an Ingress" -}}
{{- end -}}
{{- if and (eq $values.tls.mode "secret") (not $values.tls.secretName) -}}
{{- fail "tls.mode=secret needs tls.secretName, a Secret of type kubernetes.io/tls" -}}
{{- end -}}
{{- if and $values.tls.secretName (ne $values.tls.mode "secret") -}}
{{- fail (printf "tls.secretName is set and tls.mode is %s: set tls.mode=secret, or leave tls.secretName out" $values.tls.mode) -}}
{{- end -}}
{{- if and (eq $values.tls.mode "off") (not $values.publicUrl) (not (and $values.ingress.enabled $values.ingress.tlsSecretName)) -}}
{{- fail "tls.mode=off means that something in front ends TLS: set publicUrl to its https URL, or ingress.enabled with ingress.tlsSecretName" -}}
{{- end -}}
{{- if and $values.ingress.enabled (not $values.ingress.host) -}}
{{- fail "ingress.enabled needs ingress.host" -}}
{{- end -}}
{{- range $name, $_ := $values.settings -}}
{{- if has $name (list "DATABASE_URL" "FLEETWRIGHT_DATABASE_POOL" "FLEETWRIGHT_DATA_DIR" "FLEETWRIGHT_ENCRYPTION_KEY" "FLEETWRIGHT_HOST" "FLEETWRIGHT_PORT" "FLEETWRIGHT_ROLES" "FLEETWRIGHT_TLS" "FLEETWRIGHT_TLS_CERT" "FLEETWRIGHT_TLS_KEY" "FLEETWRIGHT_TLS_NAMES" "FLEETWRIGHT_TLS_PIN" "FLEETWRIGHT_PUBLIC_URL" "FLEETWRIGHT_LOG_LEVEL") -}}
{{- fail (printf "settings.%s: this chart has a value of its own for that, see values.yaml" $name) -}}
{{- end -}}
{{- end -}}
{{- end }}

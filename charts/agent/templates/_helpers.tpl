{{- define "agent.name" -}}fleetwright-agent{{- end }}

{{- define "agent.selector" -}}
app.kubernetes.io/name: fleetwright-agent
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "agent.labels" -}}
{{ include "agent.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: fleetwright
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "agent.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* The port that hub.url names. */}}
{{- define "agent.hubPort" -}}
{{- regexFind ":[0-9]+$" (urlParse .Values.hub.url).host | trimPrefix ":" | default "443" -}}
{{- end }}

{{/* What the schema cannot say. The agent's memory lies in this namespace, whatever the release is called. */}}
{{- define "agent.check" -}}
{{- if ne .Release.Namespace "fleetwright-agent" -}}
{{- fail (printf "install the agent into the namespace fleetwright-agent, where it keeps its memory, not into %q: helm install ... --namespace fleetwright-agent --create-namespace" .Release.Namespace) -}}
{{- end -}}
{{- if and .Values.joinToken.value .Values.joinToken.existingSecret -}}
{{- fail "joinToken.value and joinToken.existingSecret are both set: leave one of them out" -}}
{{- end -}}
{{- if and .Values.rbac.create (eq .Values.rbac.scope "ceiling") -}}
{{- if or (empty .Values.ceiling.namespaces) (empty .Values.rbac.rules) -}}
{{- fail "rbac.scope=ceiling needs ceiling.namespaces (where the agent may write) and rbac.rules (what): set both, or rbac.scope=cluster" -}}
{{- end -}}
{{- range .Values.ceiling.namespaces -}}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" .) -}}
{{- fail (printf "rbac.scope=ceiling needs plain names in ceiling.namespaces, and %q is none: Kubernetes binds roles to namespaces by name" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

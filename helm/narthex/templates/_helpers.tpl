{{- define "narthex.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "narthex.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- $name := include "narthex.name" . }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "narthex.selector" -}}
app.kubernetes.io/name: {{ include "narthex.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "narthex.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{ include "narthex.selector" . }}
{{- end }}

{{- define "narthex.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "narthex.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- required "serviceAccount.name: which one, when serviceAccount.create is false?" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "narthex.image" -}}
{{ .Values.image.repository }}{{ with .Values.image.digest }}@{{ . }}{{ else }}:{{ default .Chart.AppVersion .Values.image.tag }}{{ end }}
{{- end }}

{{/* Cluster roles have one name in the whole cluster; that of a release named narthex in any namespace is plain. */}}
{{- define "narthex.discoveryRole" -}}
{{ include "narthex.fullname" . }}-discovery
{{- end }}

{{/* The namespaces whose servers may see all, separated by commas. */}}
{{- define "narthex.platformNamespaces" -}}
{{- if .Values.watchNamespaces }}
{{- if .Values.platformNamespaces }}
{{- fail "platformNamespaces: only where the whole cluster is watched; remove it or watchNamespaces" }}
{{- end }}
{{- else if kindIs "invalid" .Values.platformNamespaces }}
{{- .Release.Namespace }}
{{- else }}
{{- join "," .Values.platformNamespaces }}
{{- end }}
{{- end }}

{{/* Whether what is declared in the release's namespace counts; empty for no. */}}
{{- define "narthex.watchesItself" -}}
{{- if or (not .Values.watchNamespaces) (has .Release.Namespace .Values.watchNamespaces) }}true{{ end }}
{{- end }}

{{- define "narthex.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "narthex.restrictedPod" -}}
{{- $context := dict "runAsNonRoot" true "runAsUser" 65532 "runAsGroup" 65532 "seccompProfile" (dict "type" "RuntimeDefault") }}
{{- range $field, $value := .Values.podSecurityContext }}
{{- if kindIs "invalid" $value }}
{{- $_ := unset $context $field }}
{{- else }}
{{- $_ := set $context $field $value }}
{{- end }}
{{- end }}
{{- toYaml $context }}
{{- end }}

{{- define "narthex.defaultServerPort" -}}
{{- $listen := default dict .Values.defaultServer.spec.listen }}
{{- default 9090 $listen.port }}
{{- end }}

{{/* What the paths of the default server begin with; without a slash at the end. */}}
{{- define "narthex.defaultServerPrefix" -}}
{{- $spec := .Values.defaultServer.spec }}
{{- trimSuffix "/" (default (urlParse (default "" $spec.externalUrl)).path $spec.routePrefix) }}
{{- end }}

{{/* Whether the default server speaks TLS; empty for no. */}}
{{- define "narthex.defaultServerEncrypts" -}}
{{- with .Values.defaultServer.spec.web }}{{ if .tls }}true{{ end }}{{ end }}
{{- end }}

{{/* Whether the default server asks who comes, for a user or a certificate; empty for no. */}}
{{- define "narthex.defaultServerAsks" -}}
{{- with .Values.defaultServer.spec.web }}
{{- $tls := default dict .tls }}
{{- if or .users $tls.clientCa }}true{{ end }}
{{- end }}
{{- end }}

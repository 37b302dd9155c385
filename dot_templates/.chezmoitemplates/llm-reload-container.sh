{{- /* chezmoi-llm: llm-reload-container.sh 1
The body of a reload script of a container: `unit`, `service` and `secrets` of its program. */ -}}
{{- $names := list -}}
{{- range .secrets }}{{ $names = append $names (splitList "," . | first) }}{{ end -}}
set -eu

note() { printf 'reload-{{ .unit }}: %s\n' "$*" >&2; }

has() { command -v "$1" >/dev/null 2>&1; }

# Makes systemd read the units; says no where this person has no systemd to talk to.
read_units() { has systemctl && systemctl --user daemon-reload 2>/dev/null; }
{{- if .service.enabled }}

if ! has podman; then
	note "no podman: {{ .unit }} is started when there is one"
	exit 0
fi

if ! read_units; then
	note "no systemd of yours to talk to; when there is one:"
	note "  systemctl --user daemon-reload"
	note "  systemctl --user restart {{ .unit }}.service"
	exit 0
fi

# Without a key that it needs it would only fail again and again.
missing=
while read -r secret; do
	[ -z "$secret" ] || podman secret exists "$secret" 2>/dev/null || missing="$missing $secret"
done <<'END'
{{- range $names | uniq }}
{{ . }}
{{- end }}
END
if [ -n "$missing" ]; then
	note "{{ .unit }} is held back until there is a key; then start it:"
	for secret in $missing; do
		note "  systemd-ask-password -n $secret: | podman secret create $secret -"
	done
	note "  systemctl --user restart {{ .unit }}.service"
	systemctl --user stop {{ .unit }}.service 2>/dev/null || :
	exit 0
fi

# In the background: a first start may pull an image for long.
systemctl --user restart --no-block {{ .unit }}.service ||
	note "could not start {{ .unit }}: journalctl --user -u {{ .unit }}.service"
{{- else }}

has systemctl || exit 0
# Stopped first, while systemd still knows how: its unit file is gone already.
if systemctl --user --quiet is-active {{ .unit }}.service 2>/dev/null; then
	systemctl --user stop {{ .unit }}.service || note "could not stop {{ .unit }}.service"
fi
read_units || :
{{- end }}

{{- /* chezmoi-llm: llm-reload-container.sh 1
The body of a reload script of a container: `unit`, `service`, `secrets` and `network` of its
program; `network` is empty where it shares the network of the host. */ -}}
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

# Without a key that it needs it would only fail again and again. What runs already goes on.
missing=
while read -r secret; do
	[ -z "$secret" ] || podman secret exists "$secret" </dev/null 2>/dev/null || missing="$missing $secret"
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
	exit 0
fi
{{-   with .network }}

# The unit of the network has run long ago, perhaps for a network of another name.
podman network exists {{ . }} 2>/dev/null || systemctl --user restart --no-block llm-network.service || :
{{-   end }}

# In the background: a first start may pull an image for long.
systemctl --user restart --no-block {{ .unit }}.service ||
	note "could not start {{ .unit }}: journalctl --user -u {{ .unit }}.service"
{{- else }}

has systemctl || exit 0
# Stopped first, while systemd still knows how: its unit file is gone already. A start that pulls an
# image, or that fails again and again, is "activating".
case $(systemctl --user is-active {{ .unit }}.service 2>/dev/null) in
active | *ing)
	systemctl --user stop {{ .unit }}.service || note "could not stop {{ .unit }}.service"
	;;
failed) systemctl --user reset-failed {{ .unit }}.service 2>/dev/null || : ;;
esac
read_units || :
{{- end }}

{{- /* chezmoi-llm: llm-reload.sh 1
The beginning of each reload script. It goes on where everything is there to start something, and ends
where it is not. It is given
  unit        what messages call the program
  services    the services to start; none where the program is switched off
  containers  whether they are containers of Podman's
  orders      what else systemctl is to do before they start
  secrets     the Podman secrets that they need, as Secret= of a unit names them
  network     the Podman network that they join, empty where they use that of the host */ -}}
set -eu

has() { command -v "$1" >/dev/null 2>&1; }

# Makes systemd read the units; says no where this person has no systemd to talk to.
read_units() { has systemctl && systemctl --user daemon-reload 2>/dev/null; }
{{- if .services }}

note() { printf 'reload-{{ .unit }}: %s\n' "$*" >&2; }

# In the background: a first start may pull an image for long.
start() {
	systemctl --user restart --no-block "$@" || note "could not start it; why: systemctl --user status $*"
}
{{-   if .containers }}

if ! has podman; then
	note "no podman; it is started when there is one"
	exit 0
fi
{{-   end }}

if ! read_units; then
	note "no systemd of yours to talk to; when there is one:"
	note "  systemctl --user daemon-reload"
{{-   range .orders }}
	note "  systemctl --user {{ . }}"
{{-   end }}
	note "  systemctl --user restart {{ join " " .services }}"
	exit 0
fi
{{-   range .orders }}
systemctl --user --quiet {{ . }} || note "failed: systemctl --user {{ . }}"
{{-   end }}
{{-   $names := list }}
{{-   range .secrets }}{{ $names = append $names (splitList "," . | first) }}{{ end }}
{{-   with uniq $names }}

# Without a key that it needs it would only fail again and again. What runs already goes on.
missing=
needs() { podman secret exists "$1" 2>/dev/null || missing="$missing $1"; }
{{-     range . }}
needs {{ . | squote }}
{{-     end }}
if [ -n "$missing" ]; then
	note "held back for want of a key:$missing; make it (see chezmoi-llm secrets), then run:"
	note "  systemctl --user restart {{ join " " $.services }}"
	exit 0
fi
{{-   end }}
{{-   with .network }}

# A network of another name takes a new run of its unit, which ran once, long ago.
if ! podman network exists {{ . }} 2>/dev/null && systemctl --user --quiet is-active llm-network.service; then
	systemctl --user restart --no-block llm-network.service || note "could not make the network {{ . }}"
fi
{{-   end }}
{{- else }}

# It was stopped before its unit went; now systemd may forget the unit.
read_units || :
{{- end }}

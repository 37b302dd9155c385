# chezmoi-llm: hook 1
#
# chezmoi runs this file before it reads the source folder: in every apply, diff, status, data ...
# It compares checksums with those of the last run, and starts `chezmoi-llm hook` only if one of
# them differs. A stamp is there only after a run without errors; any doubt means a full run.
# POSIX sh. chezmoi's stdin and stdout belong to the person, so neither is touched here.

[ -z "${CHEZMOI_LLM_RENDERING-}" ] || exit 0
exec </dev/null >&2

source=${CHEZMOI_SOURCE_DIR:?is set by chezmoi, which runs this file}
llm=$source/.chezmoidata/llm.json
config=${CHEZMOI_CONFIG_FILE-}
stamp=${CHEZMOI_CACHE_DIR-}/chezmoi-llm$source/stamp

# --- where the helper is ----------------------------------------------------------------------

find_helper() {
	helper=${CHEZMOI_LLM-}
	[ ! -x "$helper" ] || return 0
	set -f
	IFS=:
	for folder in ${PATH-} "${HOME-}/.local/bin"; do
		helper=$folder/chezmoi-llm
		[ ! -f "$helper" ] || [ ! -x "$helper" ] || break
		helper=
	done
	unset IFS
	set +f
}

# --- what it depends on -----------------------------------------------------------------------

# The stamp lists, line by line, what else to look at; after an empty line stands what was seen.
read_stamp() {
	while IFS= read -r line && [ -n "$line" ]; do
		watched="$watched$line
"
	done
	while IFS= read -r line; do
		stamped="$stamped$line
"
	done
}

# One line for the helper, one for each file that is there or was expected, llm.json last.
look() {
	LC_ALL=C # names are listed in the same order everywhere
	export LC_ALL
	set -- "$source"/.chezmoi.*.tmpl "$source"/.chezmoidata.*
	case ${config##*/} in
	*.*) set -- "${config%.*}".* "$@" ;; # chezmoi.toml is said before there is one
	*) set -- "$config" "$@" ;;
	esac
	for path in "$source"/.chezmoidata/*; do
		[ "$path" = "$llm" ] || [ ! -e "$path" ] || set -- "$@" "$path"
	done
	while IFS= read -r path && [ -n "$path" ]; do
		if [ -d "$path" ]; then set -- "$@" "$path"/*; else set -- "$@" "$path"; fi
	done <<-EOF
		$watched
	EOF
	for path; do # a pipe may never end: nothing seen means a full run, which opens none
		[ -f "$path" ] || [ -d "$path" ] || [ ! -e "$path" ] || [ "$path" = /dev/null ] || return 0
	done
	ls -Liln "$helper" 2>&1
	cksum "$@" "$llm" 2>&1
}

# --- what to do when it cannot be run -----------------------------------------------------------

advise() {
	if [ -f "$llm" ]; then
		echo "chezmoi-llm: $1, so the models stay as they were; $2"
		exit 0
	fi
	echo "chezmoi-llm: $1, and .chezmoidata/llm.json is not there yet; $2"
	exit 1
}

is_tracked() (
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
	[ -f "$llm" ] && git -c core.fsmonitor=false -c safe.bareRepository=explicit \
		-C "$source" ls-files --error-unmatch .chezmoidata/llm.json >/dev/null 2>&1
)

# ------------------------------------------------------------------------------------------------

watched='' stamped='' seen=''
find_helper
if [ -n "$helper" ]; then
	# shellcheck disable=SC2094  # the stamp is only read here
	[ ! -r "$stamp" ] || read_stamp <"$stamp"
	seen=$(look)
	case $seen in
	*" $llm") [ "$seen
" != "$stamped" ] || exit 0 ;;
	esac
fi

! is_tracked || exit 0 # the document is committed and kept by `chezmoi-llm expand --write`

[ -n "$helper" ] || advise "the program is not found" \
	"install it (uv tool install chezmoi-llm, or pipx install chezmoi-llm), then run chezmoi apply"

"$helper" hook - <<EOF
$seen
EOF
code=$?
case $code in
0) exit 0 ;;
126 | 127) advise "$helper cannot be started" "install it again, then run chezmoi apply" ;;
esac
case ${CHEZMOI_COMMAND-} in
apply | update | init) exit "$code" ;;
esac
exit 0

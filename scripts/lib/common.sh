# shellcheck shell=bash
# Shared by scripts/run, test, bench and the Dockerfile: saying what happens, long steps with progress, root rights.
# Every script sources this first; it moves to the checkout's root and stops the script on the first error.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd "$ROOT"
LOGS=$ROOT/build/logs
# shellcheck disable=SC2034 # used by the files that source this one
TOOLS=$ROOT/.tools
JOBS=${JOBS:-$(nproc)}
export LC_ALL=C.UTF-8

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# A name that may stand in a file name.
slug() { printf '%s' "$1" | tr '[:upper:] ' '[:lower:]-' | tr -cd 'a-z0-9-'; }

# The last line of a log, made short and printable.
last_words() { tail -c 400 "$1" 2>/dev/null | tr '\r' '\n' | grep -a '[[:alnum:]]' | tail -n 1 | tr -cd '[:print:]' | cut -c 1-100; }

# watch_command LOG command...: runs it with its output in LOG, with a progress line every 15 s. A process group of its
# own, so that Ctrl-C and SIGTERM end everything it started.
WATCHED=
watch_command() {
    local log=$1 start=$SECONDS shown=$SECONDS rc=0
    shift
    set -m
    "$@" >"$log" 2>&1 </dev/null 9>&- & # 9: the checkout's lock stays with this shell
    WATCHED=$!
    set +m
    while kill -0 "$WATCHED" 2>/dev/null; do
        sleep 0.1
        if ((SECONDS - shown >= 15)); then
            shown=$SECONDS
            say "    $((SECONDS - start)) s: $(last_words "$log")"
        fi
    done
    wait "$WATCHED" || rc=$?
    WATCHED=
    return "$rc"
}
end_watched() {
    trap - INT TERM
    [[ -z $WATCHED ]] || kill -TERM -- "-$WATCHED" 2>/dev/null || true
    exit 130
}
trap end_watched INT TERM

# step "What it does" command...: one line when it starts, one when it ends, and the end of the log when it fails.
step() {
    local title=$1 log start=$SECONDS rc=0
    shift
    log=$LOGS/$(slug "$title").log
    say "==> $title"
    watch_command "$log" "$@" || rc=$?
    if ((rc != 0)); then
        say "    failed after $((SECONDS - start)) s; the end of $log:"
        tail -n 40 "$log" | sed 's/^/    | /'
        return "$rc"
    fi
    ((SECONDS - start < 2)) || say "    done in $((SECONDS - start)) s"
}

# Runs a command as root: directly, or through sudo for an ordinary user.
as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Asks for the sudo password before a step starts, because a step has no terminal to ask on.
need_root_for() {
    [[ $(id -u) -eq 0 ]] && return
    command -v sudo >/dev/null ||
        die "to $1 this script needs root or sudo, and this account has neither. As root run: $2"
    sudo -n true 2>/dev/null && return
    [[ -t 0 ]] || die "to $1 this script needs sudo without a password, or a terminal to type it. As root run: $2"
    say "sudo is needed to $1"
    sudo -v || die "sudo refused. As root run: $2"
}

# One build at a time in a checkout; the lock goes with this shell (no child keeps it), or with unlock_checkout.
lock_checkout() {
    exec 9>"$ROOT/build/.lock"
    flock -n 9 && return
    say "another scripts/run or scripts/test is building in this checkout; waiting for it"
    flock 9
}
unlock_checkout() { exec 9>&-; }

# sha256 over the names and contents of all files below the given paths, so that a stamp changes exactly when they do.
content_hash() {
    find "$@" \( -name node_modules -o -name dist -o -name .svelte-kit \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
}

prepare_checkout() {
    mkdir -p "$LOGS" 2>/dev/null || true
    [[ -w $LOGS ]] ||
        die "$ROOT/build is not writable for $(id -un): it belongs to $(stat -c %U "$ROOT/build" 2>/dev/null || echo another account). Run as that account, or remove build/ and .tools/."
}

prepare_checkout

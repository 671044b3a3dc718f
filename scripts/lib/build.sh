# shellcheck shell=bash
# Building the pages (web/) and the server (CMake), each only when its inputs changed.

# Clang on Debian 12, where GCC 12 miscompiles co_await; the system's g++ 14 on Debian 13. CC and CXX win.
choose_compiler() {
    if [[ -z ${CXX:-} ]] && command -v clang++-16 >/dev/null && [[ $(debian_release) == 12 ]]; then
        CC=clang-16 CXX=clang++-16
    fi
    export CC=${CC:-gcc} CXX=${CXX:-g++}
    command -v "$CXX" >/dev/null || die "the compiler $CXX is not installed"
    # ccache keeps its cache in its usual place outside the checkout, so that a new clone builds quickly.
    if command -v ccache >/dev/null && mkdir -p "${CCACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/ccache}" 2>/dev/null; then
        export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
        export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}
        # Paths below the checkout count as relative, so that a clone in another folder finds the same objects.
        export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=true
    else
        export CCACHE_DISABLE=1
    fi
}

# One compiler per core, and about 1.2 GB of memory for each: the files that include Beast need most of that.
build_jobs() {
    local available
    available=$(awk '/^MemAvailable:/ { print int($2 / 1200000) }' /proc/meminfo)
    ((available >= 1)) || available=1
    if ((available < JOBS)); then printf '%s' "$available"; else printf '%s' "$JOBS"; fi
}

# build_server preset [target...]
build_server() {
    local preset=$1 dir=$ROOT/build/$1 stamp build
    shift
    choose_compiler
    build=(cmake --build "$dir" -j "$(build_jobs)")
    (($# == 0)) || build+=(--target "$@")
    stamp="$CXX $(sha256sum <"$ROOT/CMakePresets.json")"
    if [[ ! -f $dir/build.ninja || $(cat "$dir/configured" 2>/dev/null) != "$stamp" ]]; then
        rm -f "$dir/CMakeCache.txt"
        step "Configuring $preset" cmake --preset "$preset" || return 1
        printf '%s' "$stamp" >"$dir/configured"
    fi
    step "Building $preset: ${*:-everything}" nice -n 5 "${build[@]}"
}

# npm packages of web/, from the lock file, when that or Node changed.
install_web_packages() {
    local stamp
    stamp="$(node --version) $(cat "$ROOT"/web/package.json "$ROOT/web/package-lock.json" | sha256sum)"
    [[ $(cat "$ROOT/web/node_modules/.stamp" 2>/dev/null) != "$stamp" ]] || return 0
    step "Installing the npm packages of web/" npm --prefix "$ROOT/web" ci --no-audit --no-fund --loglevel=http ||
        die "npm ci failed in web/: is the npm registry reachable (npm config get registry)?"
    printf '%s' "$stamp" >"$ROOT/web/node_modules/.stamp"
}

# npm packages of the browser tests: what ElevenLabs publishes for pages, which our socket serves.
install_browser_packages() {
    local folder=$ROOT/tests/browser stamp
    stamp="$(node --version) $(cat "$folder/package.json" "$folder/package-lock.json" | sha256sum)"
    [[ $(cat "$folder/node_modules/.stamp" 2>/dev/null) != "$stamp" ]] || return 0
    step "Installing the npm packages of the browser tests" npm --prefix "$folder" ci --no-audit --no-fund --loglevel=http ||
        die "npm ci failed in tests/browser: is the npm registry reachable (npm config get registry)?"
    printf '%s' "$stamp" >"$folder/node_modules/.stamp"
}

# The pages: dashboard, widget and API reference, into web/dist.
build_web() {
    local stamp
    stamp=$(content_hash "$ROOT/web")
    [[ $(cat "$ROOT/build/web.stamp" 2>/dev/null) != "$stamp" || ! -d $ROOT/web/dist ]] || return 0
    ensure_node
    install_web_packages
    rm -f "$ROOT/build/web.stamp"
    step "Building the pages" npm --prefix "$ROOT/web" run build || die "the web build failed; the log is above"
    printf '%s' "$stamp" >"$ROOT/build/web.stamp"
}

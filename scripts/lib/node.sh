# shellcheck shell=bash
# Node and npm for the web build. Vite 8 needs Node 20.19 or 22.12, and Debian 12 has 18: then a pinned Node and npm
# come from the npm registry into .tools/node, and the system's own stay as they are.

node_is_new_enough() {
    local version major minor
    version=$("$1" --version 2>/dev/null) || return 1
    version=${version#v}
    IFS=. read -r major minor _ <<<"$version"
    ((major > 22 || (major == 22 && minor >= 12) || (major == 20 && minor >= 19)))
}

# npm 9 (Debian's) leaves out native bindings that a lock file of a newer npm names.
npm_is_new_enough() {
    local version
    version=$(npm --version 2>/dev/null) || return 1
    ((${version%%.*} >= 10))
}

install_pinned_node() {
    local package
    rm -rf "$TOOLS/node.new"
    mkdir -p "$TOOLS/node.new"
    cp "$ROOT/scripts/lib/node/package.json" "$ROOT/scripts/lib/node/package-lock.json" "$TOOLS/node.new/"
    npm ci --prefix "$TOOLS/node.new" --no-audit --no-fund --no-update-notifier --loglevel=http || return 1
    package=$(basename "$TOOLS"/node.new/node_modules/node-linux-*)
    mkdir -p "$TOOLS/node.new/bin"
    ln -s "../node_modules/$package/bin/node" "$TOOLS/node.new/bin/node"
    ln -s ../node_modules/.bin/npm ../node_modules/.bin/npx "$TOOLS/node.new/bin/"
    rm -rf "$TOOLS/node"
    mv "$TOOLS/node.new" "$TOOLS/node"
}

# Leaves a `node` and `npm` that can build web/ first in PATH.
ensure_node() {
    local stamp
    if command -v node >/dev/null && command -v npm >/dev/null && node_is_new_enough node && npm_is_new_enough; then
        return
    fi
    stamp=$(content_hash "$ROOT/scripts/lib/node")
    if [[ ! -x $TOOLS/node/bin/node || $(cat "$TOOLS/node/stamp" 2>/dev/null) != "$stamp" ]]; then
        if ! command -v npm >/dev/null; then
            [[ -z ${SKIP_INSTALL:-} ]] || die "npm is missing and SKIP_INSTALL is set: install Node 20.19 or newer with npm 10 or newer"
            need_root_for "install npm" "apt-get install npm"
            step "Updating the package lists" apt_update || die "apt-get update failed: is this machine on the network?"
            step "Installing Debian's npm, to fetch a newer Node with it" apt_install npm ||
                die "apt-get could not install npm. If a Node from elsewhere is installed without npm, install its npm or remove it."
        fi
        step "Fetching the pinned Node and npm into .tools/node" install_pinned_node ||
            die "npm could not fetch Node: is the npm registry reachable (npm config get registry)?"
        node_is_new_enough "$TOOLS/node/bin/node" ||
            die "the npm registry's Node does not run on this machine ($(uname -m)): install Node 24 by hand"
        printf '%s' "$stamp" >"$TOOLS/node/stamp"
    fi
    export PATH=$TOOLS/node/bin:$PATH
    hash -r
}

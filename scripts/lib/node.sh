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

# Prints "<package> <version> <integrity>" of npm and of this machine's Node from the lock file.
pinned_packages() {
    local arch
    case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) die "there is no pinned Node for $(uname -m): install Node 24 with npm by hand" ;;
    esac
    /usr/bin/python3 - "$ROOT/scripts/lib/node/package-lock.json" npm "node-linux-$arch" <<'PYTHON'
import json, sys
packages = json.load(open(sys.argv[1]))["packages"]
for name in sys.argv[2:]:
    entry = packages["node_modules/" + name]
    print(name, entry["version"], entry["integrity"])
PYTHON
}

# Straight from the registry, each archive checked against the lock file: a machine without npm needs no other way.
fetch_pinned() {
    local folder=$1 registry=${NPM_CONFIG_REGISTRY:-https://registry.npmjs.org} package version integrity archive sum
    while read -r package version integrity; do
        archive=$folder/$package.tgz
        curl -fsSL --retry 3 --max-time 300 -o "$archive" "${registry%/}/$package/-/$package-$version.tgz" || return 1
        sum=$(openssl dgst -sha512 -binary "$archive" | base64 -w 0)
        [[ sha512-$sum == "$integrity" ]] || {
            say "$package $version is not what the lock file names"
            return 1
        }
        mkdir -p "$folder/node_modules/$package"
        tar -xzf "$archive" -C "$folder/node_modules/$package" --strip-components=1 || return 1
        rm "$archive"
        say "$package $version"
    done < <(pinned_packages)
    chmod +x "$folder"/node_modules/npm/bin/*.js "$folder"/node_modules/node-linux-*/bin/node
}

# By npm, with its settings (a mirror, a certificate).
npm_ci_pinned() {
    cp "$ROOT/scripts/lib/node/package.json" "$ROOT/scripts/lib/node/package-lock.json" "$1/"
    npm ci --prefix "$1" --no-audit --no-fund --no-update-notifier --loglevel=http
}

# install_pinned_node fetch_pinned|npm_ci_pinned
install_pinned_node() {
    local folder=$TOOLS/node.new package
    rm -rf "$folder"
    mkdir -p "$folder/bin"
    "$1" "$folder" || return 1
    package=$(basename "$folder"/node_modules/node-linux-*)
    ln -s "../node_modules/$package/bin/node" "$folder/bin/node"
    ln -s ../node_modules/npm/bin/npm-cli.js "$folder/bin/npm"
    ln -s ../node_modules/npm/bin/npx-cli.js "$folder/bin/npx"
    rm -rf "$TOOLS/node"
    mv "$folder" "$TOOLS/node"
}

get_pinned_node() {
    local title="Fetching the pinned Node and npm into .tools/node"
    if command -v npm >/dev/null; then
        step "$title" install_pinned_node npm_ci_pinned && return
    fi
    step "$title" install_pinned_node fetch_pinned && return
    command -v npm >/dev/null && return 1
    # The registry may be reachable only as npm is set up to: the last resort, as Debian's npm is 350 packages.
    [[ -z ${SKIP_INSTALL:-} ]] || return 1
    need_root_for "install npm" "apt-get install npm"
    step "Updating the package lists" apt_update && step "Installing Debian's npm" apt_install npm &&
        step "$title with Debian's npm" install_pinned_node npm_ci_pinned
}

# Leaves a `node` and `npm` that can build web/ first in PATH.
ensure_node() {
    local stamp
    if command -v node >/dev/null && command -v npm >/dev/null && node_is_new_enough node && npm_is_new_enough; then
        return
    fi
    stamp=$(content_hash "$ROOT/scripts/lib/node")
    if [[ ! -x $TOOLS/node/bin/node || $(cat "$TOOLS/node/stamp" 2>/dev/null) != "$stamp" ]]; then
        get_pinned_node || die "Node could not be fetched: is the npm registry reachable from here?"
        node_is_new_enough "$TOOLS/node/bin/node" ||
            die "the npm registry's Node does not run on this machine ($(uname -m)): install Node 24 by hand"
        printf '%s' "$stamp" >"$TOOLS/node/stamp"
    fi
    export PATH=$TOOLS/node/bin:$PATH
    # The registry's Node brings its own list of authorities; a company's own is only in the system's.
    if [[ -z ${NODE_EXTRA_CA_CERTS:-} && -r /etc/ssl/certs/ca-certificates.crt ]]; then
        export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
    fi
    hash -r
}

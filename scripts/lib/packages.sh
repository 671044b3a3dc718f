# shellcheck shell=bash
# Debian packages: what each job needs, and installing what is missing. When nothing is missing no network is used.

# 12 or 13; newer releases are taken as 13.
debian_release() {
    local id version
    id=$(. /etc/os-release && printf '%s %s' "${ID:-}" "${ID_LIKE:-}")
    version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-13}")
    [[ " $id " == *" debian "* && " $id " != *" ubuntu "* ]] ||
        die "these scripts know Debian 12 and 13; this is $(. /etc/os-release && printf '%s' "${PRETTY_NAME:-unknown}"). Use the Dockerfile, or see docs/architecture.md for the libraries to install by hand and set SKIP_INSTALL=1."
    if [[ ${version%%.*} -ge 13 ]]; then printf 13; else printf 12; fi
}

# packages_for RELEASE run|format|tidy|python|browser: one package a word.
packages_for() {
    local release=$1 job=$2
    case $job in
    run) # build the server and the pages, serve, and follow the printed curl line
        printf '%s ' cmake ninja-build ccache pkg-config ca-certificates curl tzdata \
            libspdlog-dev nlohmann-json3-dev libssl-dev libsodium-dev libcli11-dev libhowardhinnant-date-dev \
            libcurl4-openssl-dev zlib1g-dev libbrotli-dev libjemalloc-dev libpqxx-dev catch2 python3 postgresql
        # GCC 12 miscompiles some co_await expressions, so Debian 12 builds with clang (docs/decisions).
        if [[ $release == 12 ]]; then
            printf '%s ' clang-16 libclang-rt-16-dev libboost1.81-dev libboost-url1.81-dev
        else
            printf '%s ' g++ libboost-dev libboost-url-dev
        fi
        ;;
    format) printf '%s ' clang-format-19 ;;
    tidy) printf '%s ' clang-tidy-19 ;;
    python) printf '%s ' python3 python3-pytest python3-pytest-xdist python3-websockets python3-jwt python3-psycopg2 python3-aiosmtpd ;;
    browser) printf '%s ' chromium fonts-dejavu-core ;;
    *) die "no package list called $job" ;;
    esac
}

missing_packages() {
    local package status
    for package in "$@"; do
        # libpqxx-dev and friends are one package each; g++ and cmake may come from elsewhere, but then dpkg knows them.
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        [[ $status == installed ]] || printf '%s ' "$package"
    done
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
        -o Acquire::Retries=3 --no-install-recommends install "$@"
}

# Debian's postgresql package makes a cluster of its own and starts it. We run a private one and want no second
# server on somebody's machine, so the packages' own switch for that is off while they install.
install_quietly() {
    local switch=/etc/postgresql-common/createcluster.d/chat-centre-install.conf rc=0
    if [[ " $* " == *" postgresql "* ]]; then
        as_root mkdir -p "${switch%/*}"
        printf 'create_main_cluster = false\n' | as_root tee "$switch" >/dev/null
        apt_install "$@" || rc=$?
        as_root rm -f "$switch"
        return "$rc"
    fi
    apt_install "$@"
}

apt_update() {
    as_root apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 update
}

# ensure_packages job...: installs what the named jobs lack.
ensure_packages() {
    local release job missing wanted=()
    [[ -z ${SKIP_INSTALL:-} ]] || return 0
    release=$(debian_release)
    for job in "$@"; do
        # shellcheck disable=SC2207 # package names have no spaces
        wanted+=($(packages_for "$release" "$job"))
    done
    # shellcheck disable=SC2207
    missing=($(missing_packages "${wanted[@]}"))
    ((${#missing[@]} > 0)) || return 0
    say "Debian packages to install: ${missing[*]}"
    need_root_for "install Debian packages" "apt-get install ${missing[*]}"
    step "Updating the package lists" apt_update ||
        die "apt-get update failed: is this machine on the network, and are the sources in /etc/apt right?"
    step "Installing ${#missing[@]} Debian packages" install_quietly "${missing[@]}" ||
        die "apt-get could not install: ${missing[*]}"
}

# The packages that hold the shared libraries of a binary: what an image without compilers has to install.
runtime_packages() {
    local library
    ldd "$1" | awk '/=> \// { print $3 }' | while read -r library; do
        # Libraries are found below /lib and registered below /usr/lib, or the other way round.
        dpkg-query -S "$library" 2>/dev/null || dpkg-query -S "$(realpath "$library")" 2>/dev/null ||
            dpkg-query -S "/usr$library"
    done | cut -d : -f 1 | sort -u
}

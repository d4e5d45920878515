#!/usr/bin/env bash
# Prepares this machine: `setup.sh run` for running PME, `setup.sh test` for its whole test suite too.
#
# Every step looks first and does nothing where its result is already there. What only the system's
# package manager can bring is installed by apt-get: as root directly, else by sudo without asking for a
# password; where neither is possible the one command to run is printed, and this script ends with 1.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$(pwd -P)
goal=${1:-run}
venv="$root/.venv"

say() { printf '== %s\n' "$*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

case $goal in
    run) lock=requirements/base.txt inputs=() ;;
    test) lock=requirements/dev.txt inputs=(package-lock.json) ;;
    *) fail "usage: scripts/setup.sh run|test" ;;
esac

# A stamp says that everything below was done for exactly these inputs, in this place.
stamp() {
    local name=$1
    shift
    printf '%s/.ready-%s-%s' "$venv" "$name" "$( (echo "$root"; cat "$@") | sha256sum | cut -c1-16)"
}
ready=$(stamp "$goal" "$0" pyproject.toml "$lock" "${inputs[@]}")
if [ -e "$ready" ] && [ -x "$venv/bin/python" ]; then
    [ "$goal" = run ] || [ -d node_modules ] && exit 0
fi

# Two of us at once would trip over each other: the second waits, then finds the work done.
if [ -z "${PME_SETUP_ALONE:-}" ] && command -v flock >/dev/null; then
    exec env PME_SETUP_ALONE=1 flock -o "$0" bash "$0" "$goal"
fi

find_python() {
    local name
    for name in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    fail "PME needs Python 3.11, 3.12, 3.13 or 3.14, and none was found (set PYTHON to its path if there is one)."
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_be_root() {
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -y -qq --no-install-recommends \
        -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 "$@" </dev/null
}

apt_install() {
    command -v apt-get >/dev/null || fail "This system has no apt-get: install what corresponds to $*, then try again."
    if ! may_be_root; then
        say "These system packages are missing, and only root can install them. Run this, then try again:"
        echo "apt-get install $*"
        exit 1
    fi
    say "Installing system packages: $*"
    local log
    log=$(mktemp)
    # The package list may be missing or old; it is fetched only then.
    if ! apt_get install "$@" >"$log" 2>&1; then
        apt_get update >>"$log" 2>&1 || true
        if ! apt_get install "$@" >>"$log" 2>&1; then
            tail -n 25 "$log" >&2
            fail "apt-get could not install: $*"
        fi
    fi
    rm -f "$log"
}

# Prints the Debian packages that this Python, the PDF engine and its fonts still need.
missing_for_run() {
    "$python" - <<'PYTHON'
import sys
from ctypes.util import find_library
from importlib.util import find_spec

if find_spec("ensurepip") is None or find_spec("venv") is None:
    print(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
for library, package in {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}.items():
    if find_library(library) is None:
        print(package)
PYTHON
    local family
    for family in "Noto Serif" "Noto Sans" "Noto Naskh Arabic"; do
        if [ -z "$(fc-list "$family" family 2>/dev/null)" ]; then
            echo fonts-noto-core
            break
        fi
    done
}

make_environment() {
    # An environment that was copied or moved here would write into the place it came from.
    if ! head -n 2 "$venv/bin/pip" 2>/dev/null | grep -qF "$venv/bin/" || ! "$venv/bin/python" -c 'import pip'; then
        say "Creating the environment .venv with $("$python" --version)"
        rm -rf "$venv"
        "$python" -m venv "$venv"
    fi
    local pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input --quiet)
    say "Installing the locked packages of $lock"
    # Wheels only: nothing is ever compiled here.
    "${pip[@]}" install --require-hashes --only-binary :all: -r "$lock"
    "${pip[@]}" install --no-deps --no-build-isolation --editable .
}

check_run() {
    "$venv/bin/python" - <<'PYTHON' || fail "The PDF engine does not start: see docs/install.md, 'System libraries'."
import weasyprint

weasyprint.HTML(string="<p>Ready").write_pdf()
PYTHON
}

install_browser() {
    "$venv/bin/python" -m tests.support.browser 2>/dev/null && return
    local system
    system=$(. /etc/os-release 2>/dev/null && echo "${ID:-}")
    if [ "$system" = debian ]; then
        apt_install chromium
    else
        # Ubuntu's own chromium package is only a pointer to a snap, so the browser comes with its driver.
        say "Downloading Chromium"
        if may_be_root; then
            "$venv/bin/python" -m playwright install --with-deps chromium
        else
            "$venv/bin/python" -m playwright install chromium
        fi
    fi
    "$venv/bin/python" -m tests.support.browser || fail "Chromium does not start: see docs/install.md, 'For the tests'."
}

install_postgresql() {
    "$venv/bin/python" -m tests.support.postgres 2>/dev/null && return
    # The tests start a throw-away server of their own: keep the package from creating and starting one.
    local settings=/etc/postgresql-common/createcluster.d/pme-setup.conf
    if may_be_root && [ ! -e "$settings" ]; then
        as_root mkdir -p "${settings%/*}"
        echo 'create_main_cluster = false' | as_root tee "$settings" >/dev/null
        trap "as_root rm -f '$settings'" EXIT
    fi
    apt_install postgresql
    as_root rm -f "$settings"
    "$venv/bin/python" -m tests.support.postgres || fail "PostgreSQL does not start: see docs/install.md, 'For the tests'."
}

install_checkers() {
    say "Installing the page checkers of package-lock.json"
    "$venv/bin/npm" ci --ignore-scripts --no-audit --no-fund --loglevel=error
}

python=$(find_python)
mapfile -t packages < <(missing_for_run)
[ ${#packages[@]} = 0 ] || apt_install "${packages[@]}"
rm -f "$venv"/.ready-*
make_environment
check_run
if [ "$goal" = test ]; then
    install_browser
    install_postgresql
    install_checkers
    touch "$(stamp run "$0" pyproject.toml requirements/base.txt)" # the larger lock holds the smaller one
fi
touch "$ready"
say "Ready"

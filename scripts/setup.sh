#!/usr/bin/env bash
# Prepares this machine: `setup.sh run` for running PME, `setup.sh test` for its test suite too, `setup.sh soak` for the
# long tests as well, which ask independent checkers and stand behind other people's proxies and poolers.
#
# Every step looks first and does nothing where its result is already there. What only the system's
# package manager can bring is installed by apt-get: as root directly, else by sudo without asking for a
# password; where neither is possible the one command to run is printed, and this script ends with 1.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$(pwd -P)
goal=${1:-run}
venv="$root/.venv"
no_cluster=/etc/postgresql-common/createcluster.d/pme-setup.conf
no_services=/usr/sbin/policy-rc.d

say() { printf '== %s\n' "$*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

case $goal in
    run) lock=requirements/base.txt inputs=() ;;
    test | soak) lock=requirements/dev.txt inputs=(package-lock.json) ;;
    *) fail "usage: scripts/setup.sh run|test|soak" ;;
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

is_supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' </dev/null 2>/dev/null
}

# Whether a Python was compiled with optimisations, as distributions do and pyenv, unless told to, does not; and is whole.
is_swift() {
    "$1" - <<'PYTHON' 2>/dev/null
import sys
import sysconfig
from importlib.util import find_spec

is_optimised = sys.base_prefix == "/usr" or "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")
sys.exit(not (is_optimised and find_spec("ensurepip") and find_spec("venv")))
PYTHON
}

# The one that PYTHON names; else the newest that is swift, since the others take a tenth more of the processor; else the
# newest.
find_python() {
    local name path newest=""
    if is_supported "${PYTHON:-}"; then
        command -v "$PYTHON"
        return
    fi
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        while IFS= read -r path; do
            if ! is_supported "$path"; then continue; fi
            if is_swift "$path"; then
                echo "$path"
                return
            fi
            newest=${newest:-$path}
        done < <(type -aP "$name")
    done
    [ "$newest" ] || fail "PME needs Python 3.11, 3.12, 3.13 or 3.14, and none was found (set PYTHON to its path if there is one)."
    echo "$newest"
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
        say "These system packages are missing, and only root can install them. As root, run this (after"
        say "'apt-get update', if this system has never done so), then try again:"
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

# Prints the Debian packages that this Python, the PDF engine and the test tools still need.
missing_packages() {
    "$python" - "$goal" <<'PYTHON'
import sys
from ctypes.util import find_library
from importlib.util import find_spec
from pathlib import Path
from platform import freedesktop_os_release
from shutil import which

if find_spec("ensurepip") is None or find_spec("venv") is None:
    print(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
goal = sys.argv[1]
wanted = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
if goal != "run":
    wanted["atomic"] = "libatomic1"  # for Node, which the browser's driver and the page checkers run on
for library, package in wanted.items():
    if find_library(library) is None:
        print(package)
if goal != "run":
    if not which("initdb") and not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        print("postgresql")
    if not which("redis-server") and not which("redis-check-rdb"):
        print("redis-tools")  # the program without its service
    if not which("java"):
        print("default-jre-headless")  # for EPUBCheck
    # Ubuntu's chromium package only points to a snap: there the browser comes with its driver.
    if freedesktop_os_release()["ID"] == "debian" and not which("/usr/bin/chromium"):
        print("chromium")
if goal == "soak":
    programs = {
        "pgbouncer": "pgbouncer",
        "nginx": "nginx-light",
        "caddy": "caddy",
        "javac": "default-jdk-headless",
        "cc": "gcc libc6-dev",  # for disks and clocks that fail by wish
    }
    for program, package in programs.items():
        if not which(program) and not which(program, path="/usr/sbin"):
            print(package)
    if not Path("/usr/share/java/jaxb-runtime.jar").is_file():
        print("libjaxb-java")  # for veraPDF
PYTHON
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
    "$venv/bin/python" -m pme.words.compiling
    # Here, because the servers may not write to this folder: each would compile a thousand files at each start.
    "$venv/bin/python" -m compileall -q pme
}

check_run() {
    "$venv/bin/python" - <<'PYTHON' || fail "The PDF engine does not start: see docs/install.md, 'System libraries'."
import weasyprint

weasyprint.HTML(string="<p>Ready").write_pdf()
PYTHON
}

# Some packages would start a server, where the tests start throw-away ones of their own: PostgreSQL's would create one,
# PgBouncer's and the proxies' would start now and with the machine.
without_servers_of_their_own() {
    if ! may_be_root; then
        "$@" # prints what root has to do
        return
    fi
    trap with_servers_again EXIT
    as_root mkdir -p "${no_cluster%/*}"
    echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
    if [ ! -e "$no_services" ]; then
        printf '#!/bin/sh\n# From scripts/setup.sh of PME, while it installs packages.\nexit 101\n' |
            as_root tee "$no_services" >/dev/null
        as_root chmod 0755 "$no_services"
    fi
    "$@"
    local service
    for service in pgbouncer nginx caddy; do
        case " $missing " in
            *" $service"[\ -]*) as_root update-rc.d "$service" disable >/dev/null 2>&1 || true
                command -v systemctl >/dev/null && as_root systemctl disable "$service" >/dev/null 2>&1 || true ;;
        esac
    done
    with_servers_again
    trap - EXIT
}

with_servers_again() {
    as_root rm -f "$no_cluster"
    if grep -qs 'scripts/setup.sh of PME' "$no_services"; then as_root rm -f "$no_services"; fi
}

install_browser() {
    "$venv/bin/python" -m tests.support.browser 2>/dev/null && return
    if [ ! -x /usr/bin/chromium ]; then
        say "Downloading Chromium"
        local with_libraries=()
        if may_be_root; then with_libraries=(--with-deps); fi
        "$venv/bin/python" -m playwright install "${with_libraries[@]}" chromium
    fi
    "$venv/bin/python" -m tests.support.browser || fail "Chromium does not start: see docs/install.md, 'For the tests'."
}

check_postgresql() {
    "$venv/bin/python" -m tests.support.postgres ||
        fail "PostgreSQL does not start: see docs/install.md, 'For the tests'."
}

check_redis() {
    "$venv/bin/python" -m tests.support.redis || fail "Redis is not there: see docs/install.md, 'For the tests'."
}

check_java() {
    java -version >/dev/null 2>&1 || fail "Java does not start: see docs/install.md, 'For the tests'."
}

install_checkers() {
    say "Installing the page checkers of package-lock.json"
    "$venv/bin/npm" ci --ignore-scripts --no-audit --no-fund --loglevel=error
}

python=$(find_python)
missing=$(missing_packages)
missing=${missing//$'\n'/ }
read -ra packages <<<"$missing"
case "$goal $missing" in
    *" ") ;;
    run*) apt_install "${packages[@]}" ;;
    *) without_servers_of_their_own apt_install "${packages[@]}" ;;
esac
rm -f "$venv"/.ready-*
make_environment
check_run
if [ "$goal" != run ]; then
    install_browser
    check_postgresql
    check_redis
    check_java
    install_checkers
    touch "$(stamp run "$0" pyproject.toml requirements/base.txt)" # the larger lock holds the smaller one
    touch "$(stamp test "$0" pyproject.toml "$lock" "${inputs[@]}")"
fi
touch "$ready"
say "Ready"

#!/bin/sh
# environment.sh runtime|tests|browser: sets up .venv with the packages of requirements.txt, those of requirements-dev.txt,
# or a Chromium for the browser tests. PYTHON names an interpreter; else the first that is new enough is taken.
set -eu
cd "$(dirname "$0")/.."

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

interpreter() {
    for each in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3}; do
        if is_new_enough "$each"; then
            echo "$each"
            return
        fi
    done
}

no_interpreter() {
    if [ -n "${PYTHON:-}" ]; then
        echo "PYTHON=$PYTHON is no Python of version 3.11 or newer." >&2
    else
        echo "Python 3.11 or newer is needed; $(python3 --version) is too old. Debian has a newer one from version 12 on." >&2
    fi
    exit 2
}

make_venv() {
    if [ -z "${PYTHON:-}" ] && ! command -v python3 >/dev/null; then
        tools/packages.sh "Python 3.11 or newer" python3 python3-venv
    fi
    python=$(interpreter)
    [ -n "$python" ] || no_interpreter
    "$python" -c 'import ensurepip' 2>/dev/null || tools/packages.sh "Python's venv module" python3-venv
    "$python" -m venv .venv
}

install() {
    echo "Installing the packages of $1 into .venv …"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
}

case $1 in
runtime)
    .venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
    install requirements.txt
    # The interpreter as pip has written it down for `flask`, and the engine of this folder.
    { sed -n '/^import\|^from/q;p' .venv/bin/flask; cat tools/trigpoint.py; } >.venv/bin/trigpoint
    chmod +x .venv/bin/trigpoint
    # Else each start compiles the engine anew where Python may write no bytecode (PYTHONDONTWRITEBYTECODE).
    .venv/bin/python -m compileall -q trigpoint || true
    ;;
tests)
    install requirements-dev.txt
    ;;
browser)
    missing=
    command -v chromium >/dev/null || missing='chromium fonts-liberation fonts-noto-color-emoji'
    # Playwright brings a Node.js that needs this library, and Debian 12 has it only where something else wants it.
    .venv/lib/python3*/site-packages/playwright/driver/node --version >/dev/null 2>&1 || missing="$missing libatomic1"
    [ -z "$missing" ] || tools/packages.sh "A Chromium for the browser tests" $missing
    ;;
esac

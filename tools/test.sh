#!/bin/sh
# test.sh: every check and test, unless nothing that they depend on has changed since they passed (AGAIN=1: all the same).
# Without a Chromium, those that need a browser are left out (NEED_BROWSER=1: then it ends with 2).
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
passed=.venv/passed

left_out=
if ! tools/environment.sh browser; then
    [ -z "${NEED_BROWSER:-}" ] || exit 2
    left_out='not browser'
fi

before=$($python tools/state.py)
if [ -z "${AGAIN:-}${NEW_EXAMPLES:-}" ] && [ -n "$before" ] && [ "$before" = "$(cat $passed 2>/dev/null)" ]; then
    echo "Nothing has changed since all checks and tests passed here. To run them all the same: make test AGAIN=1"
else
    rm -f $passed
    make --no-print-directory check
    # The folders of the second half are chosen for both to end at about the same time.
    second="tests/site tests/delivery tests/preview tests/writing"
    echo "== The tests, in two halves side by side: about a quarter of an hour of two cores. The second half is told at the end."
    told=$(mktemp)
    $python -m pytest tests/test_*.py $second ${left_out:+-m "$left_out"} >"$told" 2>&1 &
    half=$!
    trap 'kill $half 2>/dev/null || :; rm -f "$told"' EXIT
    trap 'exit 130' INT  # dash runs no EXIT trap on a signal, and the half in the background does not hear Ctrl-C.
    trap 'exit 143' TERM
    failed=
    $python -m pytest --ignore-glob='tests/test_*.py' $(printf -- '--ignore=%s ' $second) ${left_out:+-m "$left_out"} || failed=1
    wait $half || failed=1
    trap - EXIT INT TERM
    echo "== The second half: tests/test_*.py $second"
    cat "$told"
    rm -f "$told"
    [ -z "$failed" ]
    # A file that was edited meanwhile may have been read before or after: then nothing is known of either state.
    [ "$before" != "$($python tools/state.py)" ] || echo "$before" >$passed
fi
[ -z "$left_out" ] || echo "Left out: the tests in a browser, as there is no Chromium that can be started (see above)."

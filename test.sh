#!/usr/bin/env bash
# Sets up, builds, and runs the tests that decide a change, in under ten minutes.
#
#   ./test.sh                  build (preset release), ctest, pytest
#   ./test.sh --thorough       also linters, types, the tests in Python that take long, sanitizers, kills, fuzzing,
#                              flipped bits, metadata, equal digests from GCC, Clang and WebAssembly; within
#                              FINGERS_THOROUGH_SECONDS (default 1500), saying what was left out
#   ./test.sh --cluster        also the tests of the scheduler
#   ./test.sh --only …         just what --thorough or --cluster adds
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() { sed -n '2,9s/^#\( \|$\)//p' test.sh; }

base=yes thorough=no cluster=no
for argument in "$@"; do
  case $argument in
    --thorough) thorough=yes ;;
    --cluster) cluster=yes ;;
    --only) base=no ;;
    --help | -h) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
done
# shellcheck source=.ci/setup.sh
source .ci/setup.sh

failed=() not_done=()

# check NAME COMMAND…: runs it, and remembers a failure instead of stopping.
check() {
  local name=$1
  shift
  say "$name"
  "$@" || failed+=("$name")
}

run_base() {
  say 'Building the program and its tests (preset release)'
  build_preset release
  say 'Building the teaching page'
  check page demo/build.sh
  check ctest ctest --preset release
  check pytest run_pytest -m 'not slow'
}

# timed CHECK: a check of .ci/thorough.sh within the time that is left. One that is cut off, or whose tool
# is not here, is neither passed nor failed: it is named at the end.
timed() {
  local result=0 left=$((thorough_end - SECONDS))
  if [[ $left -lt 10 ]]; then
    not_done+=("$1 (no time left)")
    return 0
  fi
  say "$1 (at most $left s)"
  timeout --kill-after 10 "$left" .ci/thorough.sh "$1" </dev/null &
  trap 'kill $! 2>/dev/null' INT TERM
  wait $! || result=$?
  trap - INT TERM
  case $result in
    0) ;;
    69) not_done+=("$1 (a tool is missing)") ;;
    124 | 137) not_done+=("$1 (cut off after $left s)") ;;
    *) failed+=("$1") ;;
  esac
}

run_thorough() {
  local check
  thorough_end=$((SECONDS + ${FINGERS_THOROUGH_SECONDS:-1500}))
  install_optional thorough_requirements
  for check in format python slow sanitizers kills fuzz threads flips metadata digests webassembly tidy; do
    timed "$check"
  done
}

# The job files against a real scheduler of virtual nodes, on loopback addresses. Without its tools, not done.
run_cluster() {
  install_optional cluster_requirements
  build_preset release fingers
  local result=0
  FINGERS_PROGRAM="$PWD/build/release/fingers" "$VENV/bin/python" -m pytest -c analysis/pyproject.toml \
    -o pythonpath=tests/cluster tests/cluster -rs -s || result=$?
  [[ $result -eq 0 ]] || failed+=(cluster)
}

install_missing
install_missing test_requirements
check_cmake
set_up_python
if [[ $base == yes ]]; then
  run_base
fi
if [[ $thorough == yes ]]; then
  if [[ ${#failed[@]} -eq 0 ]]; then
    run_thorough
  else
    not_done+=("what --thorough adds (the tests above come first)")
  fi
fi
if [[ $cluster == yes ]]; then
  say 'Cluster'
  run_cluster
fi

if [[ ${#not_done[@]} -gt 0 ]]; then
  say 'Not done:'
  printf '   %s\n' "${not_done[@]}"
fi
if [[ ${#failed[@]} -gt 0 ]]; then
  say "Failed in $SECONDS s: ${failed[*]}"
  exit 1
fi
say "All of the above passed in $SECONDS s"

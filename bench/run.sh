#!/usr/bin/env bash
# Benchmarks: kernels one by one, then FINGERS-1 through the engine and through its peers. All
# implementations must agree before a time is printed.
#
#   bench/run.sh           kernels, checks, tables; about 12 minutes on two quiet cores
#   bench/run.sh --quick   the same with smaller peers and shorter checks; under 5 minutes
#
# Everything it needs is made under build/: a build, and a Python environment for the peers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=.ci/setup.sh
source .ci/setup.sh

quick=()
case ${1-} in
  '') ;;
  --quick) quick=(--quick) ;;
  --help | -h) sed -n '2,8s/^#\( \|$\)//p' bench/run.sh && exit 0 ;;
  *) sed -n '2,8s/^#\( \|$\)//p' bench/run.sh >&2 && exit 2 ;;
esac

bench_requirements() { echo 'libbenchmark-dev header benchmark/benchmark.h'; }

peers=build/bench-python
set_up_peers() {
  local stamp=$peers/.made-from now
  now="$(python3 --version) $(fingerprint bench/requirements.txt)"
  if [[ -f $stamp && $(<"$stamp") == "$now" ]]; then
    return 0
  fi
  say "Setting up the Python peers in $peers"
  python3 -m venv --clear "$peers"
  "$peers/bin/python" -m pip --quiet --disable-pip-version-check install -r bench/requirements.txt ||
    stop 'pip could not install bench/requirements.txt (messages above).'
  printf '%s\n' "$now" >"$stamp"
}

install_missing
install_missing bench_requirements
configure build/bench -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DFINGERS_BENCH=ON \
  -DFINGERS_TESTS=OFF
cmake --build build/bench --target bench_kernels bench_fingers1 bench_plain
set_up_peers

say 'Kernels, one thread'
uptime
build/bench/bench_kernels --benchmark_repetitions=5 --benchmark_report_aggregates_only=true \
  --benchmark_min_time=0.05 2>/dev/null | grep -E '^Benchmark|_median'
say 'FINGERS-1'
uptime
"$peers/bin/python" bench/fingers1/compare.py build/bench "${quick[@]}"
uptime

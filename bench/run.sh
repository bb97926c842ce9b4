#!/usr/bin/env bash
# Benchmarks, with the machine, the compiler and its flags; figures are medians of five runs that
# take turns, where nothing else is said.
#
#   bench/run.sh [--quick] [PART…]
#
#   kernels    one by one (Google Benchmark)
#   job        the parts of the main job, from its config to its dataset
#   scale      the main job as it is, and how runs grow with agents, worlds, events and threads
#   fingers1   FINGERS-1 through the engine and through its peers; before a time is printed, all of
#              them must agree
#
# Without PART all of them: about 40 minutes on two quiet cores, with --quick (smaller sizes, shorter
# checks) about eight. What they need is made under build/: a build, and Python for the peers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() { sed -n '2,/^set -euo/s/^#\( \|$\)//p' bench/run.sh; }

quick=() parts=()
for argument in "$@"; do
  case $argument in
    --quick) quick=(--quick) ;;
    kernels | job | scale | fingers1) parts+=("$argument") ;;
    --help | -h) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
done
if [[ ${#parts[@]} -eq 0 ]]; then
  parts=(kernels job scale fingers1)
fi
# shellcheck source=.ci/setup.sh
source .ci/setup.sh

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

# flags_of FOLDER: of what is compiled into it, the flags that change the code that is made.
flags_of() {
  awk -v wanted="$1" '/^build / { found = index($0, wanted) } found && $1 == "FLAGS" {
    $1 = $2 = ""; print; exit }' build/bench/build.ninja | grep -oE -e '-(O|march|mprefer|ffp|fno-(math|trapping))[^ ]*' |
    tr '\n' ' '
}

say_machine() {
  printf '%s × %s\n%s, %s\n' "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
    "$(c++ --version | head -n 1)" "$(date +%F)"
  printf 'flags: %s\n' "$(flags_of fingers_agents.dir/)"
  printf 'kernels: %s, or %s\n' "$(flags_of fingers_lanes_avx2.dir/)" "$(flags_of fingers_lanes_avx512.dir/)"
  printf 'version: %s\n' "$(git describe --always --dirty 2>/dev/null || echo unknown)"
}

run_kernels() {
  build/bench/bench_kernels --benchmark_repetitions=5 --benchmark_report_aggregates_only=true \
    --benchmark_min_time=0.05 2>/dev/null | grep -E '^Benchmark|_median'
}

run_job() {
  local folder replicates=20
  folder=$(mktemp -d)
  [[ ${#quick[@]} -eq 0 ]] || replicates=4
  build/bench/bench_main_job configs/release-regimes.json "$replicates" 5 "$folder"
  rm -r "$folder"
}

run_scale() { python3 bench/scale.py build/bench/fingers "${quick[@]}"; }

run_fingers1() {
  set_up_peers
  "$peers/bin/python" bench/fingers1/compare.py build/bench "${quick[@]}"
}

install_missing
install_missing bench_requirements
configure build/bench -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_UNITY_BUILD=ON -DFINGERS_BENCH=ON \
  -DFINGERS_TESTS=OFF
cmake --build build/bench
say_machine
for part in "${parts[@]}"; do
  say "$part ($(uptime | sed 's/^.*\(load\)/\1/'))"
  "run_$part"
done
uptime

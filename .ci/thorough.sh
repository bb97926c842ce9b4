#!/usr/bin/env bash
# One of the checks that `./test.sh --thorough` adds: .ci/thorough.sh CHECK. Exit code 69: a tool that it
# needs is not here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=.ci/setup.sh
source .ci/setup.sh

need() {
  if ! command -v "$1" >/dev/null; then
    echo "$1 is not here; on Debian 12: apt-get install $2" >&2
    exit 69
  fi
}

check_format() {
  need clang-format-19 clang-format-19
  git ls-files -z '*.cpp' '*.hpp' | xargs -0 clang-format-19 --dry-run --Werror
  echo 'clang-format: nothing to change'
}

# From inside analysis/, where the settings' relative paths hold.
check_python() {
  local tools=$PWD/$VENV/bin tests=(../tests/analysis ../tests/house ../tests/cluster ../tests/demo)
  cd analysis
  "$tools/ruff" check --config pyproject.toml . "${tests[@]}"
  "$tools/ruff" format --check --config pyproject.toml . "${tests[@]}"
  "$tools/mypy"
  MYPYPATH=../tests/house "$tools/mypy" ../tests/house
  MYPYPATH=../tests/cluster "$tools/mypy" ../tests/cluster
}

# The tests in Python that take long (pytest.mark.slow).
check_slow() {
  build_preset release
  demo/build.sh
  run_pytest -m slow
}

check_sanitizers() {
  build_preset asan
  ctest --preset asan
}

# A batch that is killed again and again loses nothing, and ends in the same bytes.
check_kills() {
  build_preset release fingers
  FINGERS_PROGRAM=$PWD/build/release/fingers "$VENV/bin/python" tests/cli/kills.py 60
}

# Every reader of what others wrote, on inputs that libFuzzer makes up; FINGERS_FUZZ_SECONDS a target.
check_fuzz() {
  need clang++-19 clang-19
  [[ -e /usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.fuzzer-x86_64.a ]] || exit 69
  local target found=build/fuzz/found failures=0
  build_preset fuzz fuzz
  for target in config upgrade points chunk manifest; do
    mkdir -p "$found/$target"
    "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="${FINGERS_FUZZ_SECONDS:-60}" -timeout=20 \
      -artifact_prefix="$found/$target-" "$found/$target" "tests/fuzz/corpus/$target" \
      >"$found/$target.log" 2>&1 || failures=1
    printf '%s: %s\n' "$target" "$(grep -E 'DONE|SUMMARY|ERROR' "$found/$target.log" | tail -n 1)"
  done
  return "$failures"
}

# The queue and the parallel loops under the thread sanitizer, on plain threads: it does not see how a TBB
# from system packages synchronises.
check_threads() {
  build_preset tsan engine_tests
  build/tsan/tests/engine_tests -# '[#parallel_test],[#ensemble_test],[#segment_test],[#progress_test],[#shared_values_test],[#merge_test]'
}

# A results file with one bit flipped, for each of its bytes: named, or nothing read has changed.
check_flips() {
  build_preset release engine_tests
  local processes
  processes=$(nproc)
  seq 0 $((processes - 1)) | xargs -P "$processes" -I '{}' \
    env "FINGERS_FLIPS={}/$processes" build/release/tests/engine_tests '[flips]'
}

# What `describe` writes, under the validators of RO-Crate and Croissant.
check_metadata() {
  local tools=build/metadata-tools folder=build/metadata
  build_preset release fingers
  if [[ ! -x $tools/bin/mlcroissant || ! -x $tools/bin/rocrate-validator ]]; then
    python3 -m venv --clear "$tools"
    "$tools/bin/pip" --quiet --disable-pip-version-check install mlcroissant==1.1.1 pyarrow \
      roc-validator==0.13.0 rocrate==0.16.0 || exit 69
  fi
  rm -rf "$folder"
  mkdir -p "$folder"
  build/release/fingers run tests/data/models-v1.json -o "$folder/small.h5" --progress never
  "$VENV/bin/python" -m enough_fingers export "$folder/small.h5" --to csv -o "$folder/all" >/dev/null
  "$VENV/bin/python" -m enough_fingers describe "$folder/small.h5" -o "$folder/all" >/dev/null
  "$tools/bin/python" tests/analysis/validate_metadata.py "$folder/all"
}

# The same numbers from another compiler: the promise that a result can be checked elsewhere.
check_digests() {
  need clang++-19 clang-19
  local compiler digests=()
  build_preset release fingers
  configure build/clang -S . -B build/clang -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 -DFINGERS_TESTS=OFF
  cmake --build build/clang --target fingers
  for compiler in release clang; do
    "build/$compiler/fingers" run configs/release-regimes.json --replicates 2 \
      -o "build/$compiler/digest.h5" --overwrite --progress never
    digests+=("$("build/$compiler/fingers" info "build/$compiler/digest.h5" --digest |
      grep '^content digest')")
  done
  printf 'GCC:    %s\nClang:  %s\n' "${digests[@]}"
  [[ ${digests[0]} == "${digests[1]}" ]]
}

# The same numbers in a browser's machine: core, policies and agents as WebAssembly.
check_webassembly() {
  need wasm-ld-19 lld-19
  need llvm-ar-19 llvm-19
  need node nodejs
  local config=tests/demo/small_world.json native portable
  build_preset release fingers
  build_preset wasm fingers_wasm
  build/release/fingers run "$config" -o build/wasm/digest.h5 --overwrite --progress never
  native=$(build/release/fingers info build/wasm/digest.h5 --digest | sed -n 's/^content digest *//p')
  portable=$(node demo/engine/digest.mjs build/wasm/demo/engine/fingers.wasm "$config")
  printf 'native:      %s\nWebAssembly: %s\n' "$native" "$portable"
  [[ $native == "$portable" ]]
}

# A file that passed is not checked again until it, a header or the settings change; so a run that was cut
# off goes on where it was.
check_tidy() {
  need clang-tidy-19 clang-tidy-19
  local common files
  configure build/dev --preset dev
  mkdir -p build/tidy
  common=$(git ls-files -z '*.hpp' .clang-tidy CMakeLists.txt | xargs -0 sha256sum | sha256sum)
  mapfile -t files < <(git ls-files 'cli/*.cpp' 'agents/*.cpp' 'policies/*.cpp' 'engine/*.cpp' &&
    git ls-files 'tests/*_test.cpp')
  printf '%s\0' "${files[@]}" |
    xargs -0 -P "$(nproc)" -I '{}' .ci/thorough.sh tidy-file '{}' "$common"
  echo "clang-tidy: ${#files[@]} files without a warning"
}

check_tidy_file() {
  local file=$1 passed=build/tidy/${1//\//:} now
  now="$(fingerprint "$file") $2"
  if [[ -f $passed && $(<"$passed") == "$now" ]]; then
    return 0
  fi
  clang-tidy-19 --quiet -p build/dev "$file" 2>/dev/null
  printf '%s\n' "$now" >"$passed"
}

case ${1-} in
  format) check_format ;;
  python) check_python ;;
  slow) check_slow ;;
  sanitizers) check_sanitizers ;;
  kills) check_kills ;;
  fuzz) check_fuzz ;;
  threads) check_threads ;;
  flips) check_flips ;;
  metadata) check_metadata ;;
  digests) check_digests ;;
  webassembly) check_webassembly ;;
  tidy) check_tidy ;;
  tidy-file) check_tidy_file "$2" "$3" ;;
  *) stop 'Which? format, python, slow, sanitizers, kills, fuzz, threads, flips, metadata, digests, webassembly, tidy' ;;
esac

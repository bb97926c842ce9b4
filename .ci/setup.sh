# shellcheck shell=bash
# Sets this checkout up; sourced by quickstart.sh, test.sh and .ci/run, from the top folder. Every step
# does only what is not done yet, so each can be called again and again.

readonly VENV=.venv

say() { printf '\n== %s\n' "$*"; }

stop() {
  printf '%s\n' "$@" >&2
  exit 1
}

# What is needed: the Debian package, and how to tell on any system whether it is there.
requirements() {
  cat <<'END'
g++                  command   c++
cmake                command   cmake
ninja-build          command   ninja
pkg-config           command   pkg-config
git                  command   git
libtbb-dev           header    tbb/parallel_for.h
libboost-dev         header    boost/random.hpp
libhdf5-dev          module    hdf5
nlohmann-json3-dev   header    nlohmann/json.hpp
catch2               header    catch2/catch.hpp|catch2/catch_all.hpp
libcli11-dev         header    CLI/CLI.hpp
libfmt-dev           header    fmt/core.h
libdeflate-dev       header    libdeflate.h
libisal-dev          header    isa-l.h
libxxhash-dev        header    xxhash.h
librandom123-dev     header    Random123/philox.h
libssl-dev           header    openssl/sha.h
python3              command   python3
python3-venv         python    venv,ensurepip
END
}

# What `./test.sh` needs besides: a real browser for pages, headers for the Python extension.
test_requirements() {
  cat <<'END'
chromium             command   chromium
python3-dev          python_h  Python.h
END
}

# What the teaching page is made with: the engine as WebAssembly, and the page around it.
page_requirements() {
  cat <<'END'
clang-19             command   clang++-19
llvm-19              command   llvm-ar-19
lld-19               command   wasm-ld-19
wasi-libc            path      /usr/lib/wasm32-wasi/libc.a
libc++-19-dev-wasm32 path      /usr/lib/wasm32-wasi/libc++.a
libc++abi-19-dev-wasm32 path   /usr/lib/wasm32-wasi/libc++abi.a
libclang-rt-19-dev-wasm32 path /usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a
nodejs               command   node
npm                  command   npm
END
}

# What `./test.sh --thorough` needs besides.
thorough_requirements() {
  cat <<'END'
clang-19             command   clang++-19
clang-tidy-19        command   clang-tidy-19
clang-format-19      command   clang-format-19
libclang-rt-19-dev   path      /usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.fuzzer-x86_64.a
llvm-19              command   llvm-ar-19
lld-19               command   wasm-ld-19
wasi-libc            path      /usr/lib/wasm32-wasi/libc.a
libc++-19-dev-wasm32 path      /usr/lib/wasm32-wasi/libc++.a
libc++abi-19-dev-wasm32 path   /usr/lib/wasm32-wasi/libc++abi.a
libclang-rt-19-dev-wasm32 path /usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a
nodejs               command   node
END
}

# What `./test.sh --cluster` needs besides.
cluster_requirements() {
  cat <<'END'
slurmctld            path      /usr/sbin/slurmctld
slurmd               path      /usr/sbin/slurmd
slurm-client         command   sbatch
munge                path      /usr/sbin/munged
parallel             command   parallel
END
}

has_header() {
  local name
  for name in ${1//|/ }; do
    if [[ -e /usr/include/$name || -e /usr/local/include/$name ]] || printf '#include <%s>\n' "$name" | c++ -std=c++20 -E -x c++ - >/dev/null 2>&1; then
      return 0
    fi
  done
  return 1
}

is_there() {
  local package=$1 kind=$2 what=$3
  if command -v dpkg-query >/dev/null &&
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed; then
    return 0
  fi
  case $kind in
    command) command -v "$what" >/dev/null ;;
    header) has_header "$what" ;;
    module) pkg-config --exists "$what" 2>/dev/null ;;
    python) python3 -c "import $what" 2>/dev/null ;;
    path) [[ -e $what ]] ;;
    python_h) [[ -e $(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')/$what ]] ;;
  esac
}

# missing_of LIST: the packages of a list that are not there, one a line.
missing_of() {
  local package kind what
  "$1" | while read -r package kind what; do
    is_there "$package" "$kind" "$what" || printf '%s\n' "$package"
  done
}

# apt_install PACKAGE…: as root or through sudo; only warnings and errors are shown.
apt_install() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq)
  if [[ $(id -u) -ne 0 ]]; then
    apt=(sudo "${apt[@]}")
  fi
  "${apt[@]}" update || printf 'apt-get update failed; going on with the lists at hand.\n' >&2
  "${apt[@]}" install --yes --no-install-recommends "$@" >/dev/null
}

# install_missing [LIST]: installs what the build (or another list) lacks, or says exactly what is
# missing and stops.
install_missing() {
  local missing
  mapfile -t missing < <(missing_of "${1:-requirements}")
  if [[ ${#missing[@]} -eq 0 ]]; then
    return 0
  fi
  if ! command -v apt-get >/dev/null; then
    stop 'This system has no apt-get, and these are missing (names of Debian packages):' \
      "  ${missing[*]}" 'Install what they hold with your own tools, then run this again.'
  fi
  if [[ $(id -u) -ne 0 ]] && ! command -v sudo >/dev/null; then
    stop 'These packages are missing, and without root or sudo they cannot be installed from here:' \
      "  ${missing[*]}" 'As root: apt-get install '"${missing[*]}"
  fi
  say "Installing ${#missing[@]} missing packages: ${missing[*]}"
  if ! apt_install "${missing[@]}"; then
    stop 'apt-get could not install all of:' "  ${missing[*]}" \
      'Its messages are above; repair that, then run this again.'
  fi
}

# What --thorough can use; where it cannot be had, the steps that need it say that they were not done.
install_optional() {
  local missing
  mapfile -t missing < <(missing_of "$1")
  if [[ ${#missing[@]} -eq 0 ]]; then
    return 0
  fi
  if command -v apt-get >/dev/null && { [[ $(id -u) -eq 0 ]] || command -v sudo >/dev/null; }; then
    say "Installing: ${missing[*]}"
    apt_install "${missing[@]}" || true
  fi
}

# The oldest CMake that reads our presets.
check_cmake() {
  local version
  version=$(cmake --version | sed -n '1s/[^0-9]*//p')
  if [[ $(printf '3.25\n%s\n' "$version" | sort -V | head -n 1) != 3.25 ]]; then
    stop "CMake $version is too old: 3.25 or newer is needed (Debian 12, Ubuntu 24.04 have it)."
  fi
}

# fingerprint FILE…: one hash over names and contents.
fingerprint() { sha256sum -- "$@" | sha256sum | cut -d ' ' -f 1; }

# The Python environment, made or refreshed only when its lock (or Python) is another one.
set_up_python() {
  local stamp=$VENV/.made-from now
  now="$(python3 --version) $(fingerprint analysis/requirements.lock)"
  if [[ -x $VENV/bin/python && -f $stamp && $(<"$stamp") == "$now" ]] &&
    "$VENV/bin/python" -c 'import enough_fingers' 2>/dev/null; then
    return 0
  fi
  say "Setting up the Python environment in $VENV"
  python3 -m venv --clear "$VENV" || stop "Could not make $VENV; on Debian: apt-get install python3-venv"
  local pip=("$VENV/bin/python" -m pip --quiet --disable-pip-version-check install)
  if ! { "${pip[@]}" -r analysis/requirements.lock && "${pip[@]}" --no-deps -e analysis; }; then
    stop 'pip could not install analysis/requirements.lock (messages above).' \
      'It needs the network once; run this again when it can be reached.'
  fi
  printf '%s\n' "$now" >"$stamp"
}

# configure FOLDER ARGUMENT…: cmake's own report is shown only when it fails.
configure() {
  local folder=$1 log fresh=()
  shift
  log=$folder.configure.log
  mkdir -p build
  # A build folder that belongs to a checkout which has been moved is of no use.
  if [[ -f $folder/CMakeCache.txt ]] &&
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$folder/CMakeCache.txt"; then
    fresh=(--fresh)
  fi
  if ! cmake "${fresh[@]}" "$@" >"$log" 2>&1; then
    cat "$log" >&2
    stop "CMake could not configure $folder (report above, and in $log)."
  fi
}

# build_preset PRESET [TARGET…]: all of preset release has the Python extension, for the Python of $VENV.
build_preset() {
  local preset=$1 extension=()
  shift
  if [[ $preset == release && $# -eq 0 ]]; then
    extension=(-DFINGERS_BINDINGS=ON "-DPython_EXECUTABLE=$PWD/$VENV/bin/python")
  fi
  configure "build/$preset" --preset "$preset" "${extension[@]}"
  cmake --build --preset "$preset" ${1+--target "$@"} ||
    stop "The build of preset $preset failed (messages above)."
}

# run_pytest ARGUMENT…: the tests in Python, with what was built in preset release.
run_pytest() {
  FINGERS_REQUIRE_PROGRAM=1 FINGERS_PROGRAM="$PWD/build/release/fingers" PYTHONPATH="$PWD/build/release/python" \
    "$VENV/bin/python" -m pytest -n "$(nproc)" --dist worksteal -c analysis/pyproject.toml "$@" \
    tests/analysis tests/cli tests/house tests/twin tests/demo
}

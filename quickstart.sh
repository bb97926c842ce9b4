#!/usr/bin/env bash
# From a fresh checkout to a report: sets up what is missing, builds the program, runs the main job, makes
# the report, and says where to look. Run it again at any time: what is done is not done twice.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if [[ $# -gt 0 ]]; then
  sed -n '2,3s/^# //p' quickstart.sh
  if [[ $1 == --help || $1 == -h ]]; then exit 0; else exit 2; fi
fi
# shellcheck source=.ci/setup.sh
source .ci/setup.sh

readonly JOB=configs/release-regimes.json
readonly DATA=results/release-regimes.h5
readonly REPORT=results/report
readonly PROGRAM=build/release/fingers

# made_from FILE STAMP: whether FILE is there and was made from what STAMP names.
made_from() { [[ -e $1 && -f $1.made-from && $(<"$1.made-from") == "$2" ]]; }

run_main_job() {
  local stamp
  stamp=$(fingerprint "$PROGRAM" "$JOB" configs/baseline.json)
  if made_from "$DATA" "$stamp"; then
    say "$DATA is there, from this program and this config: kept"
    return 0
  fi
  if [[ -e $DATA ]] && ! made_from "$DATA" unfinished; then
    say "$DATA is not from this program and this config: moved to results/previous/"
    mkdir -p results/previous
    mv -f "${DATA%.h5}".* results/previous/
  fi
  say "Running $JOB"
  echo unfinished >"$DATA.made-from"
  "$PROGRAM" run "$JOB" -o "$DATA" --overwrite
  printf '%s\n' "$stamp" >"$DATA.made-from"
}

make_report() {
  local stamp sources
  mapfile -t sources < <(find analysis -name '*.py' -o -name requirements.lock | sort)
  stamp="$(<"$DATA.made-from") $(fingerprint "${sources[@]}")"
  if made_from "$REPORT" "$stamp"; then
    return 0
  fi
  say 'Making the report'
  "$VENV/bin/python" -m enough_fingers report "$DATA" -o "$REPORT"
  printf '%s\n' "$stamp" >"$REPORT.made-from"
}

install_missing
check_cmake
set_up_python
say 'Building the program (preset release)'
build_preset release fingers
mkdir -p results
run_main_job
make_report

say 'Done'
printf '%s\n' \
  "Data    $DATA: every event, series and outcome; try  $PROGRAM info $DATA" \
  "Report  $REPORT/report.html: open it in a browser; what is belief and what is chance comes first" \
  "Config  $JOB: change a copy, then  $PROGRAM run MY.json" \
  "Next    $PROGRAM --help; README.md; ./test.sh holds the model to its laws"

#!/bin/bash
# Sends a batch to Slurm as an array of shards and a merge behind it; called again it sends what is missing.
#
#   docs/clusters/slurm-submit.sh CONFIG OUTPUT.h5 SHARDS [options of sbatch for the array, as --time=04:00:00]
#
# From the folder in which the job shall run; FINGERS names the program where it is not on the path.
set -euo pipefail
if [[ $# -lt 3 ]]; then
  sed -n '2,6s/^#\( \|$\)//p' "$0" >&2
  exit 2
fi
config=$1 output=$2 shards=$3
shift 3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

"${FINGERS:-fingers}" validate "$config" >/dev/null
# All, unless some runs have finished.
elements=$("${FINGERS:-fingers}" missing "$output" --array "$shards" 2>/dev/null) ||
  elements=0-$((shards - 1))
dependency=()
if [[ -n $elements ]]; then
  array=$(sbatch --parsable --array="$elements" "$@" "$here/slurm-array.sh" "$config" "$output" "$shards")
  echo "array $array: elements $elements"
  dependency=(--dependency="afterany:${array%%;*}")
fi
merge=$(sbatch --parsable "${dependency[@]}" "$here/slurm-merge.sh" "$output" "$shards")
echo "merge $merge"

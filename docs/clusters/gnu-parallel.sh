#!/bin/bash
# A batch over the machines that ssh reaches, or over the processors of this one; see docs/clusters.md.
#
#   docs/clusters/gnu-parallel.sh CONFIG OUTPUT.h5 SHARDS [options of parallel, as --sshloginfile hosts.txt --workdir .]
#
# Called again it does what is missing. The folder must be the same on all machines (NFS or the like).
set -euo pipefail
if [[ $# -lt 3 ]]; then
  sed -n '2,6s/^#\( \|$\)//p' "$0" >&2
  exit 2
fi
config=$1 output=$2 shards=$3
shift 3
fingers=${FINGERS:-fingers}

"$fingers" validate "$config" >/dev/null
# All, unless some runs have finished; "0,3-5" becomes one number a line.
elements=$("$fingers" missing "$output" --array "$shards" 2>/dev/null) ||
  elements=0-$((shards - 1))
elements=$(tr ',' '\n' <<<"$elements" | awk -F- 'NF { for (i = $1; i <= $NF; ++i) print i }')
# A shard that is stopped, or whose machine is lost, begins again up to three times, behind what it has on disk.
code=0
if [[ -n $elements ]]; then
  parallel --will-cite --retries 3 --joblog "$output.joblog" "$@" \
    "$fingers" run "$config" -o "$output" --shard "{}/$shards" --threads 1 --progress never \
    <<<"$elements" || code=$?
fi
[[ $code -eq 0 ]] || echo "$code shards did not end well: see $output.joblog" >&2
exec "$fingers" merge "$output"

#!/bin/bash
# Joins the shards of a batch when its array has ended; see docs/clusters.md.
#
#   sbatch --dependency=afterany:ARRAY docs/clusters/slurm-merge.sh OUTPUT.h5 64
#
# `afterany`, not `afterok`: an element that failed once and was queued again would keep `afterok` waiting
# for ever. Whether all is there is for `merge` to judge.
#SBATCH --job-name=fingers-merge
#SBATCH --output=%x-%j.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --mem=2G
#SBATCH --time=02:00:00
set -u
output=$1 shards=$2
fingers=${FINGERS:-fingers}

"$fingers" merge "$output"
code=$?
if [[ $code -eq 3 ]]; then
  echo "The batch is not whole. Elements that have something left to do:"
  "$fingers" missing "$output" --array "$shards" || echo "0-$((shards - 1))"
  echo "docs/clusters/slurm-submit.sh, called as before, runs just these and merges again."
fi
exit "$code"

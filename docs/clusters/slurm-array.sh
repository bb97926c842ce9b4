#!/bin/bash
# One shard of a batch as one element of a Slurm job array; see docs/clusters.md.
#
#   sbatch --array=0-63%16 docs/clusters/slurm-array.sh CONFIG OUTPUT.h5 64
#
# SBATCH lines can be overruled on the command line. The time is that of one element; what it does not
# finish it goes on with when it is queued again.
#SBATCH --job-name=fingers
#SBATCH --output=%x-%A_%a.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --cpus-per-task=2
#SBATCH --mem=2G
#SBATCH --time=01:00:00
#SBATCH --signal=B:TERM@60
set -u
config=$1 output=$2 shards=$3

# The number of shards is that of the plan: of an array of which one element is run again Slurm would say 1.
"${FINGERS:-fingers}" run "$config" -o "$output" --shard "auto/$shards" \
  --threads "${SLURM_CPUS_PER_TASK:-1}" --progress never &
simulation=$!
trap 'kill -TERM "$simulation" 2>/dev/null' TERM

# A signal ends `wait`, not the simulation, which still brings to disk what it has.
code=0
while kill -0 "$simulation" 2>/dev/null; do
  wait "$simulation"
  code=$?
done

# 75: stopped, or an earlier copy of this element is still at work; it can go on later. Where the cluster is
# not set up for that (RequeueExit=75), the element queues itself again. Not SLURM_JOB_ID: that of the last
# element is the whole array.
if [[ $code -eq 75 ]] && ! scontrol show config | grep -Eq '^RequeueExit += .*\b75\b'; then
  sleep "${FINGERS_WAIT_SECONDS:-20}"
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
fi
exit "$code"

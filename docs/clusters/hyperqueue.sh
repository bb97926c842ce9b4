#!/bin/bash
# A batch as a task array of HyperQueue, inside whatever allocation its workers have; see docs/clusters.md.
#
#   docs/clusters/hyperqueue.sh CONFIG OUTPUT.h5 SHARDS
set -euo pipefail
config=$1 output=$2 shards=$3
hq submit --wait --name fingers --array "0-$((shards - 1))" --cpus 2 --crash-limit 5 \
  "${FINGERS:-fingers}" run "$config" -o "$output" --shard "auto/$shards" --threads 2 --progress never || true
exec "${FINGERS:-fingers}" merge "$output"

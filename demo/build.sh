#!/usr/bin/env bash
# Makes the teaching page, demo/dist/index.html: the engine as WebAssembly, and the page around it, in one
# file that opens from disk. Installs what it needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=../.ci/setup.sh
source .ci/setup.sh

install_missing page_requirements
build_preset wasm fingers_wasm
cd demo
if [[ ! -e node_modules/.installed || package-lock.json -nt node_modules/.installed ]]; then
  npm ci --ignore-scripts --no-audit --no-fund
  touch node_modules/.installed
fi
node embed.mjs ../build/wasm/demo/engine/fingers.wasm src/generated/module.ts
npm run --silent build
say "The page: demo/dist/index.html ($(wc -c <dist/index.html) bytes)"

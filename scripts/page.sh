#!/usr/bin/env bash
# Type-checks and tests the explorer's page and builds it into src/timbrespace/explorer/static/. Run by make page.
# With --check it builds into a scratch folder and fails when what is committed differs.
set -euo pipefail
cd "$(dirname "$0")/../explorer/page"

command -v npm >/dev/null || { echo "the page is built by Node 20 or newer: apt-get install nodejs npm" >&2; exit 1; }
npm ci --ignore-scripts --no-audit --no-fund --silent
npx --no-install tsc --noEmit
node test.mjs

if [ "${1:-}" = "--check" ]; then
  fresh=$(mktemp -d)
  trap 'rm -rf "$fresh"' EXIT
  node build.mjs "$fresh"
  diff -rq "$fresh" ../../src/timbrespace/explorer/static || {
    echo "the built page is not what its sources give: run make page and commit the result" >&2
    exit 1
  }
else
  node build.mjs
fi

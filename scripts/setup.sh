#!/usr/bin/env bash
# Makes .venv with every pinned version. Run by make; does nothing when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."

python=""
for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
  [ -n "$candidate" ] || continue
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "timbrespace needs Python 3.11 or newer: apt-get install python3 python3-venv, or set PYTHON." >&2
  exit 1
fi

if [ ! -x .venv/bin/pip ]; then
  rm -rf .venv
  "$python" -m venv .venv || {
    rm -rf .venv
    echo "Python cannot make a virtual environment: apt-get install python3-venv" >&2
    exit 1
  }
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all,dev]'
touch .venv/.ready

#!/usr/bin/env bash
# Installs what rendering needs from the system (FluidSynth's library, a small General MIDI
# SoundFont), and for `system.sh browser` a browser to test pages with, where it is missing and the
# user may; otherwise says in one line what to install and exits with 1.
set -euo pipefail

missing=()
[ "${1:-}" != browser ] || command -v chromium >/dev/null || missing+=(chromium)
[ -n "$(ldconfig -p 2>/dev/null | grep libfluidsynth || true)" ] || missing+=(libfluidsynth3)
[ -e /usr/share/sounds/sf2/TimGM6mb.sf2 ] || missing+=(timgm6mb-soundfont)
[ ${#missing[@]} -gt 0 ] || exit 0

run=""
if [ "$(id -u)" != 0 ]; then
  sudo -n true 2>/dev/null && run="sudo -n" || run="no"
fi
if [ "$run" != no ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  $run apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
    { $run apt-get update -qq && $run apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 ||
    true
  still=()
  for package in "${missing[@]}"; do dpkg -s "$package" >/dev/null 2>&1 || still+=("$package"); done
  [ ${#still[@]} -gt 0 ] || exit 0
  missing=("${still[@]}")
fi
echo "System packages are missing: apt-get install ${missing[*]}" >&2
exit 1

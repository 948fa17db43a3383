"""Which SoundFonts are known, and where they lie.

Comes in: a name or a path as typed. Goes out: the path of an .sf2 or .sf3 file, or the catalogue
of large free General MIDI SoundFonts that Debian ships, with licence and checksum. Licences are
what each package's copyright file says of the SoundFont itself.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from timbrespace.errors import InputError

_SUFFIXES = (".sf2", ".sf3")
_FOLDERS_VARIABLE = "TIMBRESPACE_SOUNDFONTS"

_SYSTEM_FOLDERS = (
    Path("/usr/share/sounds/sf2"),
    Path("/usr/share/sounds/sf3"),
    Path("/usr/share/soundfonts"),
)


@dataclass(frozen=True, kw_only=True)
class CatalogueEntry:
    """A SoundFont that is known by name.

    Attributes:
        name: what to type, the stem of the file.
        file_name: the file in the search folders.
        package: the Debian package that installs it.
        licence: of the samples and presets.
        sha256: of the file in Debian 12.
        n_pitched_presets: presets outside the percussion bank.
        origin: who made it from what.
        is_synthetic: every sound is that of a synthesizer, whatever instrument it is named after.
        in_open_notes: whether open-notes holds its notes; what it leaves out, no encoder trained on
            open-notes has heard.
    """

    name: str
    file_name: str
    package: str
    licence: str
    sha256: str
    n_pitched_presets: int
    origin: str
    is_synthetic: bool = False
    in_open_notes: bool = True


CATALOGUE = (
    CatalogueEntry(
        name="TimGM6mb",
        file_name="TimGM6mb.sf2",
        package="timgm6mb-soundfont",
        licence="GPL-2",
        sha256="c5378b62028c920cb11e4803327983fee2f2cdff5dc89c708e39da417e51c854",
        n_pitched_presets=128,
        origin="Tim Brechbill 2004, David Bolton 2010; own, public-domain and GPL samples; 6 MB",
    ),
    CatalogueEntry(
        name="FluidR3_GM",
        file_name="FluidR3_GM.sf2",
        package="fluid-soundfont-gm",
        licence="MIT",
        sha256="74594e8f4250680adf590507a306655a299935343583256f3b722c48a1bc1cb0",
        n_pitched_presets=158,
        origin="Frank Wen 2000-2002, 2008; own recordings and public-domain samples; 148 MB",
    ),
    CatalogueEntry(
        name="MuseScore_General",
        file_name="MuseScore_General.sf3",
        package="musescore-general-soundfont",
        licence="MIT, parts public domain or CC0",
        sha256="f9a37b36655f23e167c66ec91bef6097c8e99be29286219a54062919eb41aeae",
        n_pitched_presets=273,
        origin="S. Christian Collins 2018-2021, from FluidR3 with new pianos, strings, FM; 86 MB",
    ),
    CatalogueEntry(
        name="OPL-3_FM_128M",
        file_name="OPL-3_FM_128M.sf2",
        package="opl3-soundfont",
        licence="CC-BY-SA-4.0",
        sha256="39bff96eee3dcfbce9665e3968701b894ca2136c7d0bd580281b2bbf59e80392",
        n_pitched_presets=128,
        origin="Zandro Reveille 2009; notes of a Yamaha OPL3 FM chip; 135 MB",
        is_synthetic=True,
    ),
    CatalogueEntry(
        name="sf_GMbank",
        file_name="sf_GMbank.sf2",
        package="csound-soundfont",
        licence="public domain",
        sha256="9f39fc53bd3a1a69f13cb486838944eded358b3b6e8afbd6c1c2c33675b2034b",
        n_pitched_presets=319,
        origin="comes with Csound, makers not named; most samples are TimGM6mb's; 4 MB",
        in_open_notes=False,
    ),
)

OPEN_NOTES = tuple(entry for entry in CATALOGUE if entry.in_open_notes)
"""What open-notes is rendered from."""


def _folders() -> tuple[Path, ...]:
    """Folders that are searched: those of `TIMBRESPACE_SOUNDFONTS` first, then the system's."""
    own = os.environ.get(_FOLDERS_VARIABLE, "").split(os.pathsep)
    return (*(Path(folder) for folder in own if folder), *_SYSTEM_FOLDERS)


def find_soundfont(name_or_path: str | Path) -> Path:
    """The file of a SoundFont.

    Args:
        name_or_path: a path; or the name of a file in the search folders, with or without its
            suffix; or the name or Debian package of an entry of the catalogue.

    Raises:
        InputError: no such file; the message says what to install.
    """
    path = Path(name_or_path)
    if path.is_file():
        return path
    entry = _entry_called(str(name_or_path))
    names = [entry.file_name] if entry else [path.name, *(path.name + end for end in _SUFFIXES)]
    for name in names:
        found = _in_folders(name)
        if found:
            return found
    raise InputError(_not_found(str(name_or_path), entry))


def installed_soundfonts() -> list[CatalogueEntry]:
    """The catalogue's SoundFonts that lie in the search folders.

    A file of the right name is taken for the SoundFont; its checksum is not looked at.
    """
    return [entry for entry in CATALOGUE if _in_folders(entry.file_name)]


def entry_of_checksum(sha256: str) -> CatalogueEntry | None:
    """The catalogue's entry of a file with this checksum, under whatever name it lies."""
    return next((entry for entry in CATALOGUE if entry.sha256 == sha256), None)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _in_folders(file_name: str) -> Path | None:
    candidates = (folder / file_name for folder in _folders())
    return next((path for path in candidates if path.is_file()), None)


def _entry_called(name: str) -> CatalogueEntry | None:
    return next((e for e in CATALOGUE if name in {e.name, e.file_name, e.package}), None)


def _not_found(name: str, entry: CatalogueEntry | None) -> str:
    folders = ", ".join(map(str, _folders()))
    if entry:
        return (
            f"SoundFont {name!r} is not installed (looked in {folders}); "
            f"install it with: apt-get install {entry.package}"
        )
    known = ", ".join(f"{e.name} (apt-get install {e.package})" for e in CATALOGUE)
    return (
        f"no SoundFont {name!r}: it is no file, and none in {folders}. Give the path of an .sf2 or "
        f".sf3 file, add its folder to {_FOLDERS_VARIABLE}, or use one of: {known}."
    )

"""The recipes that ship: one YAML file each, told by its name.

Comes in: a recipe's name or a path. Goes out: the files to read, base first. A recipe may open with
`extends: NAME`; what it says then changes that recipe.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from timbrespace.errors import ConfigError

_FOLDER = Path(__file__).parent


def recipe_names() -> list[str]:
    """Names of the recipes that ship, sorted."""
    return sorted(file.stem for file in _FOLDER.glob("*.yaml"))


def recipe_layers(recipe: str) -> list[dict[str, Any]]:
    """The settings of a recipe and of those that it extends, base first.

    Args:
        recipe: the name of a recipe that ships, or the path of a YAML file.

    Raises:
        ConfigError: there is no such recipe, it is not YAML, or it extends itself.
    """
    layers: list[dict[str, Any]] = []
    seen: set[Path] = set()
    file: Path | None = _find(recipe, _FOLDER)
    while file is not None:
        if file in seen:
            raise ConfigError(f"{file}: the recipe extends itself.")
        seen.add(file)
        layer = _read(file)
        base = layer.pop("extends", None)
        layers.insert(0, layer)
        file = _find(str(base), file.parent) if base else None
    return layers


def _find(recipe: str, folder: Path) -> Path:
    for file in (_FOLDER / f"{recipe}.yaml", folder / recipe, Path(recipe)):
        if file.is_file():
            return file.resolve()
    raise ConfigError(
        f"no recipe {recipe!r}: recipes that ship are {', '.join(recipe_names())}; "
        "or give the path of a YAML file."
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        layer = yaml.safe_load(file.read_text())
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise ConfigError(f"{file}: not readable YAML ({fault}).") from fault
    if not isinstance(layer, dict):
        raise ConfigError(
            f"{file}: a recipe is a mapping of settings, this is {type(layer).__name__}."
        )
    return layer

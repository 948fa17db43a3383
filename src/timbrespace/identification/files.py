"""A classifier as one small file that can be shared: safetensors, its settings in the header.

Comes in: a classifier, or a file that may come from a stranger. Goes out: the file, or a
classifier. Nothing is unpickled; a file's size, names, shapes and numbers are checked before use.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from timbrespace.embeddings import Vectors
from timbrespace.errors import InputError
from timbrespace.identification.anchors import MOST_ANCHORS
from timbrespace.identification.classifier import Classifier

SUFFIX = ".safetensors"

_FORMAT = "timbrespace-classifier/1"
_KEY = "timbrespace"
_TYPES = {"weight": "F32", "bias": "F32", "anchors": "F16"}
_SETTINGS = (
    "label",
    "classes",
    "least_similarity",
    "encoder_name",
    "encoder_hash",
    "judgement",
)
_MOST_BYTES = 64 << 20
_LONGEST_NAME = 200
_LARGEST = 1e9


def save_classifier(classifier: Classifier, path: Path) -> None:
    """Write a classifier, whole or not at all.

    Raises:
        InputError: the file's name does not end in .safetensors, or a class's name is longer than
            200 letters.
    """
    check_name(path)
    settings = {"format": _FORMAT, **{name: getattr(classifier, name) for name in _SETTINGS}}
    arrays: dict[str, npt.NDArray[Any]] = {
        "weight": np.ascontiguousarray(classifier.weight),  # other orders are written garbled
        "bias": np.ascontiguousarray(classifier.bias),
        "anchors": np.ascontiguousarray(classifier.anchors, np.float16),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(save(arrays, metadata={_KEY: json.dumps(settings)}))
        _read(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def load_classifier(path: str | Path) -> Classifier:
    """Read a classifier.

    Args:
        path: as `save_classifier` writes it; need not be trusted.

    Raises:
        InputError: the file is missing or too large, is no classifier, or what it holds does not
            fit together; the message names what is wrong.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected a classifier, as `teach` writes it.")
    if path.stat().st_size > _MOST_BYTES:
        raise InputError(f"{path}: is larger than {_MOST_BYTES >> 20} MiB; no classifier is.")
    try:
        return _read(path)
    except (OSError, SafetensorError, ValueError, RecursionError) as fault:
        raise InputError(f"{path}: not a classifier that can be used ({fault}).") from fault


def check_name(path: Path) -> None:
    """Check that a file's name is a classifier's.

    Raises:
        InputError: it does not end in .safetensors.
    """
    if path.suffix != SUFFIX:
        raise InputError(f"{path}: a classifier's name must end in {SUFFIX}.")


def _read(path: Path) -> Classifier:
    with safe_open(path, framework="numpy") as file:
        settings = json.loads((file.metadata() or {}).get(_KEY, "null"))
        _check_settings(settings)
        if set(file.keys()) != set(_TYPES):
            raise InputError(f"it must hold {sorted(_TYPES)}, it holds {sorted(file.keys())[:5]}")
        found = {name: file.get_slice(name) for name in _TYPES}
        shapes = {name: tuple(entry.get_shape()) for name, entry in found.items()}
        _check_shapes(shapes, len(settings["classes"]))
        strange = [name for name, kind in _TYPES.items() if found[name].get_dtype() != kind]
        if strange:
            raise InputError(f"{strange[0]} must be {_TYPES[strange[0]]}")
        arrays = {name: _finite(name, file.get_tensor(name)) for name in _TYPES}
    lengths = np.linalg.norm(arrays["anchors"], axis=1, keepdims=True)
    if (abs(lengths - 1) > 0.01).any():  # 16 bits leave 0.001
        raise InputError("anchors must have unit length")
    arrays["anchors"] = arrays["anchors"] / lengths
    fields: dict[str, Any] = {name: settings[name] for name in _SETTINGS} | arrays
    return Classifier(**fields | {"classes": tuple(settings["classes"])})


def _check_settings(settings: Any) -> None:
    if not isinstance(settings, dict) or settings.get("format") != _FORMAT:
        raise InputError(f"its header does not say {_FORMAT!r}")
    if set(settings) != {"format", *_SETTINGS}:
        raise InputError(f"its settings must be {list(_SETTINGS)}, they are {list(settings)[:10]}")
    names = [settings[name] for name in ("label", "encoder_name", "encoder_hash")]
    classes = settings["classes"]
    if not isinstance(classes, list) or len(classes) < 2:
        raise InputError("classes must be a list of two names or more")
    if not all(isinstance(name, str) and len(name) <= _LONGEST_NAME for name in names + classes):
        raise InputError(f"names must be text of at most {_LONGEST_NAME} letters")
    if len(set(classes)) < len(classes):
        raise InputError("a class stands twice")
    judgement = settings["judgement"]
    if not isinstance(judgement, dict):
        raise InputError("judgement must be numbers by name")
    if not all(map(_is_number, [settings["least_similarity"], *judgement.values()])):
        raise InputError(f"least_similarity and judgement must be numbers up to {_LARGEST:g}")


def _check_shapes(shapes: dict[str, tuple[int, ...]], n_classes: int) -> None:
    n_dimensions = shapes["weight"][-1] if shapes["weight"] else 0
    n_anchors = shapes["anchors"][0] if shapes["anchors"] else 0
    expected = {
        "weight": (n_classes, n_dimensions),
        "bias": (n_classes,),
        "anchors": (n_anchors, n_dimensions),
    }
    if shapes != expected or not (n_dimensions and 0 < n_anchors <= MOST_ANCHORS):
        raise InputError(f"shapes must be {expected}, not empty, they are {shapes}")


def _finite(name: str, values: Vectors) -> Vectors:
    if not np.isfinite(values).all():
        raise InputError(f"{name} is NaN or infinite")
    return np.asarray(values, np.float32)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and abs(value) <= _LARGEST

"""The section that says where a report's numbers come from.

Comes in: `Evidence`. Goes out: a `Section`: code, data, seeds, trainings, and the command that
makes the report again.
"""

from __future__ import annotations

import hashlib
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from timbrespace.embeddings import encoder_of, vectors_of
from timbrespace.evaluation.comparison import Run
from timbrespace.evaluation.report.evidence import Evidence
from timbrespace.evaluation.report.parts import Section, Table
from timbrespace.versions import code_version

_LIBRARIES = ("numpy", "scipy", "torch", "pyarrow", "scikit-learn", "openTSNE")
_FILES = {"recipe.yaml": "Recipe", "run.json": "Training"}


def provenance_section(evidence: Evidence) -> Section:
    """What it takes to find the same numbers again."""
    systems = {name: _system(run) for name, run in evidence.runs.items()}
    code = _code()
    settings = asdict(evidence.settings)
    listings = {"Command": evidence.command} if evidence.command else {}
    for name, folder in evidence.folders.items():
        files = {f"{title} of {name}": folder / file for file, title in _FILES.items()}
        listings |= {
            title: path.read_text(encoding="utf-8", errors="replace")
            for title, path in files.items()
            if path.is_file()
        }
    return Section(
        name="provenance",
        text=["The same code, embeddings and settings give the same numbers."],
        tables=[_systems_table(systems), _values_table({**code, **settings})],
        listings=listings,
        record={
            "systems": systems,
            "code": code,
            "settings": settings,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "listings": listings,
        },
    )


def _system(run: Run) -> dict[str, Any]:
    table = run.table
    vectors = vectors_of(table)
    encoder, encoder_hash = encoder_of(table)
    return {
        "system": run.system,
        "encoder": encoder,
        "encoder_hash": encoder_hash,
        "embeddings_hash": hashlib.sha256(vectors.data).hexdigest()[:16],
        "sounds": table.num_rows,
        "dimensions": vectors.shape[1],
        "instruments": _distinct(table, "instrument"),
        "families": _distinct(table, "family"),
        "splits": sorted(pc.unique(table["split"]).drop_null().to_pylist()),
    }


def _distinct(table: pa.Table, name: str) -> int:
    return len(pc.unique(table[name]).drop_null())


def _systems_table(systems: dict[str, dict[str, Any]]) -> Table:
    rows = [
        (key.replace("_", " "), *(_cell(found[key]) for found in systems.values()))
        for key in next(iter(systems.values()))
    ]
    caption = "What was evaluated. Hashes are of content: equal hashes, equal vectors."
    return Table(name="data", caption=caption, header=("", *systems), rows=rows)


def _values_table(values: dict[str, Any]) -> Table:
    rows = [(name.replace("_", " "), _cell(value)) for name, value in values.items()]
    return Table(name="code", caption="Code and settings.", header=("name", "value"), rows=rows)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "–"
    return f"{value:,}" if isinstance(value, int) else str(value or "–")


def _code() -> dict[str, str]:
    found = {"timbrespace": code_version()}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "not installed"
    return {**found, "python": platform.python_version(), "machine": platform.machine()}

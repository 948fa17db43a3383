import ast
import subprocess
import sys
from pathlib import Path

import pytest

import timbrespace

ROOT = Path(timbrespace.__file__).parent
STAGES = [
    "audio",
    "features",
    "corpora",
    "rendering",
    "augment",
    "models",
    "embedding",
    "training",
    "identification",
    "evaluation",
    "tagging",
    "reproduction",
    "library",
    "explorer",
    "cli",
]
SHARED = {"errors", "manifest", "embeddings", "interrupts", "locks", "versions"}
MODULES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))


def imported_parts(source: str) -> set[str]:
    """Second part of each `timbrespace.part...` that the source imports."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("timbrespace.")}


def test_every_folder_is_a_stage():
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(STAGES)


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_imports_only_stages_above_its_own(module):
    imported = imported_parts((ROOT / module).read_text())
    if module.parts[0] in STAGES:
        allowed = {*STAGES[: STAGES.index(module.parts[0]) + 1], *SHARED}
    elif str(module) in {"__main__.py", "__init__.py"}:
        allowed = {"__main__.py": {"cli"}, "__init__.py": {"models", "tagging"}}[str(module)]
    else:
        allowed = SHARED
    assert imported <= allowed


def test_importing_the_package_loads_nothing_heavy():
    heavy = "{'numpy', 'torch', 'pyarrow', 'lightning'}"
    code = f"import sys, timbrespace, timbrespace.cli; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

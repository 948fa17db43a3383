import subprocess
import sys
import tomllib
import zipfile
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def test_the_wheel_holds_what_is_needed(tmp_path):
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path]
    subprocess.run([*command, ROOT], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    source = ROOT / "src"
    expected = {
        path.relative_to(source).as_posix()
        for path in (source / "timbrespace").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected <= names
    assert "timbrespace/training/recipes/shi2022-base.yaml" in names
    assert "timbrespace/py.typed" in names


def test_every_pinned_version_fits_the_open_ranges():
    """The package's metadata keeps open ranges; constraints.txt pins inside them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = dict(
        line.lower().replace("_", "-").split("==")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
    )
    wanted = chain(project["dependencies"], *project["optional-dependencies"].values())
    for text in wanted:
        requirement = Requirement(text)
        if requirement.name != "timbrespace":
            assert pins[requirement.name.lower().replace("_", "-")] in requirement.specifier, text
    assert not [name for name in pins if "nvidia" in name or "cuda" in name]

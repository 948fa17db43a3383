import importlib
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_demo_gives_commands_that_parse(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    steps = runpy.run_path(str(ROOT / "examples" / "demo.py"))["_steps"](Path("mine"))
    assert [arguments[0] for _, arguments in steps] == [
        "render",
        "corpora",
        "embed",
        "train",
        "embed",
        "verify",
        "identify",
        "embed",
        "identify",
    ]
    for _, (name, *words) in steps:
        importlib.import_module(f"timbrespace.cli.{name}").parser().parse_args(words)

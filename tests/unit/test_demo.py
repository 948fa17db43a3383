import importlib
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_demo_gives_commands_that_parse(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    demo = runpy.run_path(str(ROOT / "examples" / "demo.py"))
    steps = [*demo["_steps"](Path("mine")), ("", demo["EXPLORE"])]
    assert [arguments[0] for _, arguments in steps] == [
        "render",
        "corpora",
        "embed",
        "verify",
        "identify",
        "render",
        "tag",
        "identify",
        "library",
        "explore",
    ]
    for _, (name, *words) in steps:
        importlib.import_module(f"timbrespace.cli.{name}").parser().parse_args(words)

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrespace.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_the_python_example_runs(tone_manifest, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(tone_manifest["path"][0].as_py(), "a.wav")
    soundfile.write("b.flac", *soundfile.read(tone_manifest["path"][20].as_py()))
    (example,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    names = {}
    exec(compile(example, "README.md", "exec"), names)
    assert names["vectors"].shape == (2, 128)
    np.testing.assert_allclose(np.linalg.norm(names["vectors"], axis=1), 1, rtol=1e-6)


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands_of(page):
    """Lines of its code blocks that call the command, continued lines joined."""
    blocks = "".join(re.findall(r"```[a-z]*\n(.*?)```", page.read_text(), flags=re.DOTALL))
    joined = blocks.replace("\\\n", " ")
    return re.findall(r"^(?:\$ )?timbrespace ([^#\n]+)", joined, flags=re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_commands_and_options_in_the_docs_are_known(capsys):
    for page in PAGES:
        for line in commands_of(page):
            name, *words = line.split()
            assert name in COMMANDS, f"{page.name}: {line}"
            with pytest.raises(SystemExit):
                main([name, "--help"])
            help_text = capsys.readouterr().out
            for option in (word for word in words if word.strip("[").startswith("--")):
                assert option.strip("[]") in help_text, f"{page.name}: {line}"

"""The worked example of docs/bring-your-own.md, run as it stands there."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile

from timbrespace.cli import main

PAGE = Path(__file__).parents[3] / "docs" / "bring-your-own.md"


def write_notes(folder, rng):
    """Two instruments of eight notes, told apart by how fast their partials fall."""
    time_s = np.arange(4_000) / 16_000
    partials = np.arange(1, 8)
    for instrument, slope in (("bright", 0.0), ("dark", 3.0)):
        (folder / instrument).mkdir(parents=True)
        for note in range(8):
            hz = 200 + 30 * note
            waves = np.sin(2 * np.pi * hz * np.outer(partials, time_s))
            tone = (partials[:, None] ** -slope * waves).sum(axis=0) / 8
            noise = 1e-4 * rng.standard_normal(time_s.size)
            soundfile.write(folder / instrument / f"{note}.wav", tone + noise, 16_000)


def test_the_worked_example_runs_and_can_be_verified(tmp_path, rng):
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    example = next(block for block in blocks if "librosa" in block)
    write_notes(tmp_path / "notes", rng)
    command = [sys.executable, "-c", example, str(tmp_path / "notes")]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120)
    found = tmp_path / "found.json"
    assert main(["verify", "--embeddings", str(tmp_path / "mfcc.npz"), "--json", str(found)]) == 0
    system = json.loads(found.read_text(encoding="utf-8"))["systems"]["mfcc"]
    assert (system["n_target"], system["n_nontarget"]) == (6, 6)
    assert system["eer"] < 0.1

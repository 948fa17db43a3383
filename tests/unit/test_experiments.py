import importlib.util
import json
from pathlib import Path

import pytest

from timbrespace.training import build_recipe
from timbrespace.training.recipes import recipe_layers

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
_spec = importlib.util.spec_from_file_location("questions", EXPERIMENTS / "questions.py")
QUESTIONS = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(QUESTIONS)
VARIANTS = {
    f"{name}: {variant}": changes
    for name, question in QUESTIONS.QUESTIONS.items()
    for variant, changes in question.variants.items()
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_builds(variant):
    recipe = build_recipe(recipe_layers(str(EXPERIMENTS / "base.yaml")), VARIANTS[variant])
    assert recipe.schedule.steps == 2_000


def test_every_result_is_of_a_variant():
    known = {" ".join(changes) for changes in VARIANTS.values()}
    lines = (EXPERIMENTS / "results.jsonl").read_text().splitlines()
    assert {json.loads(line)["changes"] for line in lines} <= known

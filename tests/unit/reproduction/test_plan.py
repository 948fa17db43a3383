import json
import re
from dataclasses import replace

import pytest

from timbrespace.errors import ConfigError, InputError
from timbrespace.reproduction.plan import Plan, Request, read_plan, write_plan
from timbrespace.reproduction.shi2022 import ABLATIONS, FRONT_ENDS, ROWS, recipe_of
from timbrespace.training.recipes import recipe_names

REQUEST = Request(
    sounds="m.parquet", rows=("base",), seeds=(10, 100), changes=("family_weight=0.5",)
)
PLAN = Plan(request=REQUEST, settings=("family_weight=0.5",), step_s={"base": 0.25})


def test_every_row_has_its_recipe_and_every_recipe_its_row():
    named = {name for name in recipe_names() if name.startswith("shi2022-")}
    assert {recipe_of(row) for row in ROWS} == named
    assert set(ROWS) == {*ABLATIONS, *FRONT_ENDS}


def test_all_rows_and_the_published_seeds_are_the_default():
    plan = Plan(request=Request(sounds="m.parquet"), settings=())
    assert len(plan.runs) == 30
    assert plan.runs["mel80-fixed-1000"] == ("mel80-fixed", 1000)


def test_a_plan_is_read_as_it_was_written(tmp_path):
    write_plan(PLAN, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json", REQUEST) == PLAN
    assert read_plan(tmp_path / "none.json", REQUEST) is None


def test_settings_reach_the_recipe_of_each_run():
    recipe = PLAN.recipe("base", 100)
    assert (recipe.seed, recipe.family_weight) == (100, 0.5)


def test_a_plan_of_another_request_is_refused(tmp_path):
    write_plan(PLAN, tmp_path / "plan.json")
    other = Request(sounds="m.parquet", rows=("base",), changes=("family_weight=0.1",))
    message = "changes was ('family_weight=0.5',), now ('family_weight=0.1',). Ask"
    with pytest.raises(ConfigError, match=re.escape(message)):
        read_plan(tmp_path / "plan.json", other)


def test_a_plan_takes_other_rows_and_seeds(tmp_path):
    write_plan(PLAN, tmp_path / "plan.json")
    more = replace(REQUEST, rows=("base", "no-family"), seeds=(10, 100, 1000))
    plan = read_plan(tmp_path / "plan.json", more)
    assert plan == Plan(request=more, settings=PLAN.settings, step_s=PLAN.step_s)


def test_a_budget_is_for_the_runs_it_was_planned_for(tmp_path):
    timed = replace(REQUEST, budget_min=5.0)
    write_plan(Plan(request=timed, settings=()), tmp_path / "plan.json")
    with pytest.raises(ConfigError, match=r"another request: seeds was \(10, 100\), now \(10,\)"):
        read_plan(tmp_path / "plan.json", replace(timed, seeds=(10,)))


@pytest.mark.parametrize("text", ["{", "[]", "{}", json.dumps({"request": {"colour": 1}})])
def test_a_file_that_is_no_plan_is_refused(tmp_path, text):
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(InputError, match="not a plan"):
        read_plan(tmp_path / "plan.json", REQUEST)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"rows": ("base", "colour")}, "rows must be some of base, no-augmentation"),
        ({"rows": ()}, "rows must be some of"),
        ({"rows": ("base", "base")}, "rows must be given once each"),
        ({"seeds": (10, 10)}, "seeds must be given once each"),
        ({"seeds": (-1,)}, "seeds must be 0 or more"),
        ({"budget_min": 0.0}, "the budget must be above 0 minutes, got 0"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused(asked, message):
    with pytest.raises(ConfigError, match=message):
        Request(sounds="m.parquet", **asked)

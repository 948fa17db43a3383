# make demo   the main job from end to end, in a few minutes; FOLDER=path adds your own sounds
# make test   format, lint, types, docstrings, tests
# make bench  measure the speed claims and write docs/benchmarks.md

.PHONY: demo test bench lint clean

demo: .venv/.ready
	@bash scripts/system.sh
	@.venv/bin/python examples/demo.py $(if $(FOLDER),--folder "$(FOLDER)")

test: .venv/.ready lint
	@bash scripts/system.sh || echo "going on: tests that render will be skipped" >&2
	@OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n 2 --dist loadgroup

lint: .venv/.ready
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy

bench: .venv/.ready
	@bash scripts/system.sh
	@.venv/bin/python benchmarks/run.py

.venv/.ready: pyproject.toml constraints.txt scripts/setup.sh
	@bash scripts/setup.sh

clean:
	rm -rf .venv demo .mypy_cache .ruff_cache .pytest_cache

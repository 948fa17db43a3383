# make demo   the main job from end to end, in a few minutes; FOLDER=path adds your own sounds
# make test   format, lint, types, docstrings, tests
# make page   build the explorer's page from explorer/page (needs Node 20)
# make bench  measure the speed claims and write docs/benchmarks.md

.PHONY: demo test page bench lint clean

demo: .venv/.ready
	@bash scripts/system.sh
	@.venv/bin/python examples/demo.py $(if $(FOLDER),--folder "$(FOLDER)")

test: .venv/.ready lint
	@bash scripts/system.sh browser || echo "going on: tests that need them will be skipped" >&2
	@OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n 2 --dist loadgroup

lint: .venv/.ready
	@if command -v npm >/dev/null; then bash scripts/page.sh --check; \
	else echo "going on: without npm the explorer's page is not compared with its sources" >&2; fi
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy

page:
	@bash scripts/page.sh

bench: .venv/.ready
	@bash scripts/system.sh
	@.venv/bin/python benchmarks/run.py

.venv/.ready: pyproject.toml constraints.txt scripts/setup.sh
	@bash scripts/setup.sh

clean:
	rm -rf .venv demo explorer/page/node_modules .mypy_cache .ruff_cache .pytest_cache

"""Fifty clients that search at once for thirty seconds, in a library of 100,000 drawn sounds.

Comes in: nothing. Goes out: searches a second, their times and errors, of the explorer's server and
of a plain FastAPI route that searches for each request by itself, both on all cores, which the
clients share. Each client asks again as soon as it is answered.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from common import HERE, median, table, worker
from timbrespace.explorer.app import create_app
from timbrespace.explorer.points import read_points
from timbrespace.explorer.routes.finding import Found, Search, hits_of
from timbrespace.explorer.server import listening_socket
from timbrespace.library import Library
from timbrespace.library.query import ASPECTS, Query

SYSTEMS = {"explorer": "explorer", "plain": "plain FastAPI route"}
N_SOUNDS, N_CLIENTS, SECONDS, ROUNDS = 100_000, 50, 30.0, 3


def measure() -> str:
    """The section of docs/benchmarks.md."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in SYSTEMS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "library"
        worker("search.py", "build", folder, N_SOUNDS)
        for _ in range(ROUNDS):
            for system in SYSTEMS:
                found[system].append(one_round(system, folder, SECONDS))
    plain = median(found["plain"], "per_s")
    rows = [
        [
            SYSTEMS[system],
            f"{median(rounds, 'per_s'):.0f}",
            f"{median(rounds, 'per_s') / plain:.1f}",
            *(f"{median(rounds, key):.0f}" for key in ("p50_ms", "p99_ms", "worst_ms")),
            f"{sum(each['errors'] for each in rounds):.0f}",
        ]
        for system, rounds in found.items()
    ]
    header = ["server", "searches/s", "× plain", "median, ms", "p99, ms", "slowest, ms", "errors"]
    return (
        f"## Serving\n\n`python benchmarks/serving.py`: {N_CLIENTS} clients search at once for "
        f"{SECONDS:.0f} s in a library of {N_SOUNDS:,} drawn sounds, each again as soon as it is "
        f"answered, 20 hits each; medians of {ROUNDS} rounds in turns. Clients and server share "
        "the machine's cores. The explorer gathers searches that come at once into one product.\n\n"
        + table(header, rows)
    )


def one_round(system: str, folder: Path, seconds: float) -> dict[str, float]:
    """Serve in one process, ask from another."""
    command = [sys.executable, str(HERE / "serving.py"), "serve", system, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            return worker("serving.py", "ask", port, seconds)
        finally:
            server.terminate()


def serve(system: str, folder: Path) -> None:
    """Serve until ended; says its port."""
    app = create_app(folder) if system == "explorer" else plain_app(folder)
    with listening_socket("127.0.0.1", 0) as listening:
        print(listening.getsockname()[1], flush=True)
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listening])


def plain_app(folder: Path) -> FastAPI:
    """The same search as one would write it at first: a route that searches."""
    app = FastAPI()
    library = Library.open(folder, writable=False)
    points = read_points(library, most=N_SOUNDS)

    @app.post("/api/search")
    def search(asked: Search) -> Found:
        found = library.search(Query(like=asked.like), asked.n)
        hits = {name: found[name].to_pylist() for name in ("id", "score", *ASPECTS)}
        return Found(hits=hits_of(hits, points), took_ms=0.0)

    return app


async def ask(port: int, seconds: float) -> dict[str, float]:
    """What fifty clients met."""
    await client(port, 1.0, [], [])  # the first search reads the matrix from disk
    times_ms: list[float] = []
    errors: list[str] = []
    start = time.perf_counter()
    await asyncio.gather(*(client(port, seconds, times_ms, errors) for _ in range(N_CLIENTS)))
    took_s = time.perf_counter() - start
    times_ms.sort()
    return {
        "per_s": len(times_ms) / took_s,
        "p50_ms": times_ms[len(times_ms) // 2],
        "p99_ms": times_ms[int(0.99 * len(times_ms))],
        "worst_ms": times_ms[-1],
        "errors": len(errors),
    }


async def client(port: int, seconds: float, times_ms: list[float], errors: list[str]) -> None:
    """One client: a connection, one search after the other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        body = json.dumps({"like": [random.randint(1, N_SOUNDS)]}).encode()
        writer.write(
            b"POST /api/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        size = int(head.split("content-length: ")[1].split("\r\n")[0])
        answer: dict[str, Any] = json.loads(await reader.readexactly(size))
        times_ms.append(1e3 * (time.perf_counter() - start))
        if len(answer.get("hits", [])) != 20:
            errors.append(str(answer))
    writer.close()


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(measure())
    elif sys.argv[1] == "serve":
        serve(sys.argv[2], Path(sys.argv[3]))
    else:
        print(json.dumps(asyncio.run(ask(int(sys.argv[2]), float(sys.argv[3])))))

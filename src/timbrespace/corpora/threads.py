"""Do a slow, input-bound thing to many items: a function and items in, results in order out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_threads(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """`map` on a thread pool; whoever stops listening (or presses Ctrl-C) stops the rest.

    Example:
        >>> list(in_threads(len, ["a", "bb"]))
        [1, 2]
    """
    pool = ThreadPoolExecutor()
    try:
        yield from pool.map(function, items)
    finally:
        pool.shutdown(cancel_futures=True)

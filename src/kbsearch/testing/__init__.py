"""
For the tests of whoever builds on kbsearch: a desk without a model, canaries, contracts.

Start with `assert_no_leak`. The fixtures stand in `kbsearch.testing.plugin`, which pytest
loads by itself, and the contracts of what can be replaced in `kbsearch.testing.contracts`;
these two need pytest. As pytest imports this package in every run, it loads nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kbsearch.embed import HashingEmbedder
    from kbsearch.testing.canaries import Canary, CanaryCorpus, canary_corpus
    from kbsearch.testing.leaks import (
        Application,
        Leak,
        LeakError,
        NothingFoundError,
        assert_no_leak,
    )

_HOME = {
    "Application": "kbsearch.testing.leaks",
    "Canary": "kbsearch.testing.canaries",
    "CanaryCorpus": "kbsearch.testing.canaries",
    "HashingEmbedder": "kbsearch.embed",
    "Leak": "kbsearch.testing.leaks",
    "LeakError": "kbsearch.testing.leaks",
    "NothingFoundError": "kbsearch.testing.leaks",
    "assert_no_leak": "kbsearch.testing.leaks",
    "canary_corpus": "kbsearch.testing.canaries",
}

__all__ = [
    "Application",
    "Canary",
    "CanaryCorpus",
    "HashingEmbedder",
    "Leak",
    "LeakError",
    "NothingFoundError",
    "assert_no_leak",
    "canary_corpus",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'kbsearch.testing' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

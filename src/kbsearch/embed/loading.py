"""Loading what sentence-transformers stands on, quietly and so that forks survive it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any


@cache
def torch() -> Any:
    """Torch, loaded at first use; a forked child gets one thread, with more it hangs."""
    import torch

    os.register_at_fork(after_in_child=lambda: torch.set_num_threads(1))
    return torch


@contextmanager
def no_bar_wanted() -> Iterator[None]:
    """Keep tqdm from asking for ipywidgets in a notebook, where no bar is drawn."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="IProgress not found")
        yield


@contextmanager
def no_loading_bar() -> Iterator[None]:
    """Keep transformers' bar off the caller's terminal while a model loads."""
    from transformers.utils import logging

    bars: Any = logging
    was_on = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if was_on:
            bars.enable_progress_bar()

"""What an application says beside its answers: log records of every level, warnings, prints."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import NamedTuple


class Said(NamedTuple):
    """One thing that was said: `channel` is "log record", "warning" or "printed line"."""

    channel: str
    text: str


class _Listening(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.said: list[Said] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message, and all that a formatter could show of the record."""
        shown = logging.Formatter().format(record)
        self.said.append(Said("log record", f"{shown}\n{list(vars(record).values())!r}"))


@contextmanager
def recorded() -> Iterator[list[Said]]:
    """
    Listen to this process; what was said is in the list when the block is left.

    Loggers speak at every level meanwhile, to nobody else; warnings are not raised.
    """
    said: list[Said] = []
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace", write_through=True)
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(printed))
        stack.enter_context(redirect_stderr(printed))
        warned = stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        heard = stack.enter_context(_logs())
        yield said
    said += heard
    said += [Said("warning", f"{each.category.__name__}: {each.message!r}") for each in warned]
    said += [Said("printed line", line) for line in _text_of(printed).splitlines()]


@contextmanager
def _logs() -> Iterator[list[Said]]:
    listening = _Listening()
    known = logging.root.manager.loggerDict.values()
    loggers = [logging.root, *(each for each in known if isinstance(each, logging.Logger))]
    before = [(each, each.level, each.handlers, each.disabled) for each in loggers]
    disabled_below = logging.root.manager.disable
    logging.disable(logging.NOTSET)
    for logger in loggers:
        logger.disabled = False
        logger.setLevel(1)  # 0 would mean the parent's
        is_heard_above = logger.propagate and logger is not logging.root
        logger.handlers = [] if is_heard_above else [listening]
    try:
        yield listening.said
    finally:
        for logger, level, handlers, is_disabled in before:
            logger.handlers, logger.disabled = handlers, is_disabled
            logger.setLevel(level)
        logging.disable(disabled_below)


def _text_of(printed: io.TextIOWrapper) -> str:
    printed.flush()
    buffer = printed.buffer
    return buffer.getvalue().decode("utf-8") if isinstance(buffer, io.BytesIO) else ""

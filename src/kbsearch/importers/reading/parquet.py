"""Rows out of Parquet files, by way of pyarrow."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time
from decimal import Decimal
from io import BufferedReader
from shutil import copyfileobj
from typing import TYPE_CHECKING, Any

from kbsearch.errors import MissingExtraError, SourceError
from kbsearch.importers.fields import Fields
from kbsearch.importers.places import Place

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

_BATCH_ROWS = 256
_COPIED_BYTES = 1 << 20


def parquet_rows(name: str, file: BufferedReader) -> Iterator[Fields]:
    """
    The rows of a Parquet file, a few hundred at a time.

    A time becomes a text in ISO 8601, a decimal number a text; NaN and bytes
    become nothing.

    Args:
        name: Of the file, for the places.
        file: At its beginning.

    Raises:
        MissingExtraError: If pyarrow is not installed.
        SourceError: If it is no Parquet file, or is damaged.
    """
    position = 0
    with _opened(name, file) as parquet:
        for batch in parquet.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
            for row in batch.to_pylist():
                yield Fields(Place(name, position=position), _plain(row))
                position += 1


def parquet_columns(name: str, file: BufferedReader) -> frozenset[str]:
    """The names of a file's columns; the same errors as `parquet_rows`."""
    with _opened(name, file) as parquet:
        return frozenset(parquet.schema_arrow.names)


@contextmanager
def _opened(name: str, file: BufferedReader) -> Iterator[ParquetFile]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("Reading Parquet files", "pyarrow", "parquet") from None
    with tempfile.TemporaryFile() as copy:
        if not file.seekable():  # what is packed can only be read from its beginning
            copyfileobj(file, copy, _COPIED_BYTES)
        try:
            with parquet.ParquetFile(file if file.seekable() else copy) as opened:
                yield opened
        except (pyarrow.ArrowException, OSError) as error:
            raise SourceError(name, "it is no Parquet file, or it is damaged.") from error


def _plain(value: Any) -> Any:
    """A value as JSON could have held it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, str | int | None) else None

"""Damage by chance, as disks, copies and restores do it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

_PAGE_BYTES = 4096


def _flipped_bit(whole: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(whole)
    damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _zeroed_page(whole: bytes, chance: random.Random) -> bytes:
    start = _PAGE_BYTES * chance.randrange(-(-len(whole) // _PAGE_BYTES))
    zeros = bytes(min(_PAGE_BYTES, len(whole) - start))
    return whole[:start] + zeros + whole[start + _PAGE_BYTES :]


def _truncated(whole: bytes, chance: random.Random) -> bytes:
    return whole[: chance.randrange(len(whole))]


def _appended(whole: bytes, chance: random.Random) -> bytes:
    return whole + chance.randbytes(chance.choice((1, 17, _PAGE_BYTES)))


_KINDS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flipped_bit,
    _zeroed_page,
    _truncated,
    _appended,
)


def damaged(whole: bytes, chance: random.Random, *, others: Sequence[bytes] = ()) -> bytes:
    """
    Other bytes than `whole`.

    Args:
        whole: At least one byte.
        chance: Draws the kind of damage and its place.
        others: Contents of files that may have been copied over this one.
    """
    while True:
        kind = chance.randrange(len(_KINDS) + (1 if others else 0))
        found = _KINDS[kind](whole, chance) if kind < len(_KINDS) else chance.choice(others)
        if found != whole:
            return found

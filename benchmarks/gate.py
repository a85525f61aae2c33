"""
How often a gate refuses what changes nothing, and what is planted.

`python benchmarks/gate.py [N]`: N desks (100) of made-up words, with the hashing embedder. Each
is rebuilt behind a gate twice, once from the same documents and once with a third of them
folded in that were searched from the records before; then with planted damage. Prints how
many were published, and the time that comparing takes.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from kbsearch import Article, Audience, KnowledgeBase
from kbsearch.embed import HashingEmbedder
from kbsearch.gating import Gate, GateRefusedError
from kbsearch.indexing import shelf_writer, snapshot_content
from kbsearch.snapshots import SnapshotContent

_STARTS = "bra dro fli gar hol jun kel lim mon nop pra qui ros sta tul ver wix yar zon".split()
_ENDS = "bel cant dor fint gle hast lim mer nox pad rint sol tam vic wen".split()
_WORDS = [start + end for start in _STARTS for end in _ENDS]
_N_DOCUMENTS = 36
_SELF_CHECKED = 12

Damage = Callable[[SnapshotContent], SnapshotContent]


def shuffled(content: SnapshotContent) -> SnapshotContent:
    """Each passage has the vector of another."""
    order = np.random.default_rng(len(content.vectors)).permutation(len(content.vectors))
    return content._replace(vectors=content.vectors[order])


def truncated(content: SnapshotContent) -> SnapshotContent:
    """The words of title and first sentence alone."""
    return content._replace(document_terms=[terms[:12] for terms in content.document_terms])


def constant(content: SnapshotContent) -> SnapshotContent:
    """A model that says the same of every text."""
    return content._replace(vectors=np.repeat(content.vectors[:1], len(content.vectors), axis=0))


def _documents(seed: int) -> list[Article]:
    drawn = random.Random(seed)
    return [
        Article(
            id=f"kb:{number}",
            title=" ".join(drawn.choices(_WORDS, k=4)),
            body=". ".join(" ".join(drawn.choices(_WORDS, k=12)) for _ in range(5)),
            audience=Audience.EXTERNAL if number % 2 else Audience.INTERNAL,
        )
        for number in range(_N_DOCUMENTS)
    ]


def _is_published(kb: KnowledgeBase, damage: Damage | None = None) -> bool:
    def damaged(*given: Any, **named: Any) -> SnapshotContent:
        content = snapshot_content(*given, **named)
        return damage(content) if damage else content

    try:
        with patch.object(shelf_writer, "snapshot_content", damaged):
            kb.rebuild(gate=Gate(n_self_check=_SELF_CHECKED))
    except GateRefusedError:
        return False
    return True


def _damage_oldest(kb: KnowledgeBase) -> None:
    """So that the same documents are published again."""
    for shelf in Audience:
        oldest = min((kb.path / shelf.value).glob("snapshot-*"))
        (oldest / "lengths.npy").write_bytes(b"")


def _try_desk(seed: int, published: Counter[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        kb = KnowledgeBase.create(Path(folder) / "a.kb", embedder=HashingEmbedder(64))
        everything = _documents(seed)
        kb.upsert(everything[: 2 * len(everything) // 3])
        kb.rebuild()
        kb.upsert(everything[2 * len(everything) // 3 :])
        published["folded"] += _is_published(kb)
        _damage_oldest(kb)
        published["unchanged"] += _is_published(kb)
        for damage in (shuffled, truncated, constant):
            _damage_oldest(kb)
            published[damage.__name__] += _is_published(kb, damage)


def main(n_desks: int) -> None:
    """Try desks, and print what was published of each kind."""
    published: Counter[str] = Counter()
    begun = time.perf_counter()
    for seed in range(n_desks):
        _try_desk(seed, published)
    for kind in ("unchanged", "folded", "shuffled", "truncated", "constant"):
        print(f"{kind:>10}: published {published[kind]} of {n_desks}")
    print(f"{(time.perf_counter() - begun) / n_desks:.1f} s for a desk")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)

"""From hits to the result that a caller gets, with what it should know about them."""

from __future__ import annotations

from collections.abc import Callable

from kbsearch.models import Hit, SearchResult
from kbsearch.search.asking import Query
from kbsearch.search.holding_back import Judged


def make_result(
    query: Query,
    k: int,
    hits: tuple[Hit, ...],
    judged_hits: Judged,
    *,
    count: Callable[[], int],
    remarks: tuple[str | None, str | None] = (None, None),
) -> SearchResult:
    """
    A result with its note.

    Args:
        query: What was asked.
        k: Hits asked for.
        hits: Best first.
        judged_hits: What was held back of all that was found.
        count: Number of documents that this audience may read.
        remarks: In place of how few fit, and in addition.
    """
    remark, more = remarks
    notes = [*([remark] if remark else []), *judged_hits.notes(k)]
    is_all = not judged_hits.n_held_back
    if is_all and not hits and not remark:
        notes.append(
            "No document fits the query and its filters."
            if count()
            else "Nothing is indexed for this audience yet."
        )
    elif is_all and len(hits) < k and not remark:
        notes.append(f"No more than {len(hits)} of the {k} hits asked for fit the query.")
    if hits and query.n_unseen_tokens:
        notes.append(
            f"The query is long: the embedding model did not see its last "
            f"{query.n_unseen_tokens} tokens; the lexical search did."
        )
    if hits and more:
        notes.append(more)
    return SearchResult(
        query=query.text,
        k=k,
        hits=hits,
        unseen_query_tokens=query.n_unseen_tokens,
        note=" ".join(notes) or None,
        rewordings=query.rewordings,
        best_probability=judged_hits.best,
        needed_probability=judged_hits.needed,
    )

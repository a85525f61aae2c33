"""A question is asked of the desk as it stood then: nothing of what came later shows in a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch import Audience, Ticket
from kbsearch.evaluation import history, past_making, versions
from kbsearch.evaluation.cases import Case
from kbsearch.evaluation.labels import Question
from kbsearch.evaluation.past_passages import PastMeasures, Span
from kbsearch.evaluation.past_words import Moment, PastWords
from kbsearch.evaluation.unasked import Unasked
from kbsearch.evaluation.versions import NEVER_US, Version
from kbsearch.store import to_us
from tests.pasts import ASKED, MOMENT, RARE, bytes_of, history_of, world

RELEVANT = {f"desk:{number:03}": 1 for number in range(0, 50, 7)} | {"kb:000": 2, "kb:028": 1}
TICKET = Question(id="t", ticket_id=ASKED, asked_at=MOMENT)
TEXT = Question(id="q", text=f"tunnel on the green printer, {RARE}", asked_at=MOMENT)

Cases = list[Case | Unasked]


def cases_of(past: int, later: int, audience: Audience) -> Cases:
    """A text and a ticket asked of a world at `MOMENT`."""
    found = history_of(world(past, later), audience)
    asked = [(one.model_copy(update={"audience": audience}), RELEVANT) for one in (TEXT, TICKET)]
    return [case for _, case in found.cases(asked)]


def differ(past: int, later: tuple[int, int], audience: Audience) -> bool:
    """Whether two desks that differ only in what came later give other cases."""
    one, other = (list(map(bytes_of, cases_of(past, seed, audience))) for seed in later)
    return one != other


class TestNothingOfTheFuture:
    """Measured on what nobody could have known, a desk would look better than it was."""

    @given(st.integers(0, 9), st.tuples(st.integers(0, 999), st.integers(0, 999)))
    @settings(max_examples=8, deadline=None)
    def test_is_seen_by_staff(self, past: int, later: tuple[int, int]) -> None:
        """Later documents, messages, outcomes, tags and changed texts change no bit."""
        assert not differ(past, later, Audience.INTERNAL)

    @given(st.integers(0, 9), st.tuples(st.integers(0, 999), st.integers(0, 999)))
    @settings(max_examples=6, deadline=None)
    def test_is_seen_by_customers(self, past: int, later: tuple[int, int]) -> None:
        """Nor in the public faces that stand on their shelf."""
        assert not differ(past, later, Audience.EXTERNAL)

    def test_is_tested_on_cases_with_candidates_and_a_measure_of_closeness(self) -> None:
        """Otherwise the comparison would be of nothing."""
        text, ticket = cases_of(1, 2, Audience.INTERNAL)

        assert isinstance(text, Case)
        assert isinstance(ticket, Case)
        assert len(text.document_ids) > 30
        assert len(ticket.document_ids) > 30
        assert any(text.exact)
        assert 1 < text.has_bad_outcome.sum() < text.has_bad_outcome.size / 2
        shelf = history_of(world(1, 2)).shelves[0]
        assert shelf.measures.at(to_us(MOMENT)).whitening.matrix.size


def _whole_desk(self: Span, at_us: int | None) -> Any:
    return self.until_us >= (at_us or 0)


def _same_moment(self: Span, at_us: int | None) -> Any:
    n = int(np.searchsorted(self.from_us, at_us or 0, side="right"))
    return self.until_us[:n] >= (at_us or 0)


def _every_frequency(asked: Callable[..., Any]) -> Callable[..., Any]:
    def leaking(self: PastWords, terms: list[str], moment: Moment) -> Any:
        every = np.ones(len(self._title_lengths), dtype=np.bool_)
        return asked(self, terms, moment._replace(stands=every, n_documents=len(every)))

    return leaking


def _every_length(moment: Callable[..., Moment]) -> Callable[..., Moment]:
    def leaking(self: PastWords, stands: Any) -> Moment:
        mean = float(self._text_lengths.mean())
        return moment(self, stands)._replace(mean_text_length=mean)

    return leaking


def _every_passage(self: PastMeasures, at_us: int | None) -> Any:
    return self._passages.measure(np.ones(len(self._span.from_us), dtype=np.bool_))


def _as_it_is_now(face: Any, **_: Any) -> list[Version]:
    created = to_us(face.created_at)
    return [Version(face, NEVER_US if created is None else created, NEVER_US, is_current=True)]


def _outcome_of_today(name: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Tickets as they stood then, but for one field."""
    at = versions._at

    def leaking(ticket: Ticket, *then: Any) -> Ticket:
        return at(ticket, *then).model_copy(update={name: getattr(ticket, name)})

    return lambda m: m.setattr(versions, "_at", leaking)


LEAKS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "later rows stand": lambda m: m.setattr(Span, "stands", _whole_desk),
    "rows of the same moment stand": lambda m: m.setattr(Span, "stands", _same_moment),
    "frequencies of the whole desk": lambda m: m.setattr(
        PastWords, "asked", _every_frequency(PastWords.asked)
    ),
    "lengths of the whole desk": lambda m: m.setattr(
        PastWords, "moment", _every_length(PastWords.moment)
    ),
    "measure of the whole desk": lambda m: m.setattr(PastMeasures, "at", _every_passage),
    "tickets as they are now": lambda m: m.setattr(past_making, "versions_of", _as_it_is_now),
    **{
        f"later {name}": _outcome_of_today(name)
        for name in ("n_reopenings", "satisfaction", "followup_ids")
    },
    "the asker's later words": lambda m: m.setattr(history, "as_asked", lambda ticket, _: ticket),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_caught(leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Controls: a comparison that finds none of these would prove nothing."""
    assert not differ(3, (4, 5), Audience.INTERNAL)

    LEAKS[leak](monkeypatch)

    assert differ(3, (4, 5), Audience.INTERNAL)

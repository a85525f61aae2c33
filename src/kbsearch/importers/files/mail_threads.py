"""Which mails are one conversation: by their references, else by subject, people and time."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from hashlib import sha256
from math import inf, isnan
from typing import NamedTuple

_N_LOOKED_BACK = 50


def digest(text: str) -> int:
    """64 bits in place of a text of any length."""
    return int.from_bytes(sha256(text.encode("utf-8", "replace")).digest()[:8])


class Envelope(NamedTuple):
    """
    What threading needs to know of a mail; ids, people and subject are digests.

    `references` has the oldest first. `subject` is 0 if nothing is left of it
    without its prefixes; `is_reply` says that it had one. `author` is 0 if it is
    not known, `date_s`, from 1970, then is NaN.
    """

    id: int
    references: tuple[int, ...]
    subject: int
    is_reply: bool
    date_s: float
    author: int
    recipients: tuple[int, ...]


class Threads:
    """
    Threads of mails that come one by one.

    What is kept of a mail is a few hundred bytes, never its text.

    Args:
        window_s: How long after a mail another may join it by its subject alone.
    """

    def __init__(self, *, window_s: float) -> None:
        self._window_s = window_s
        self._ids, self._roots, self._subjects, self._authors = (array("Q") for _ in range(4))
        self._dates_s = array("d")
        self._is_reply, self._has_references = bytearray(), bytearray()
        self._recipients, self._recipient_starts = array("Q"), array("Q", [0])
        self._above: dict[int, int] = {}

    def add(self, envelope: Envelope) -> None:
        """The next mail; they are numbered from 0."""
        self._ids.append(envelope.id)
        self._roots.append(envelope.references[0] if envelope.references else envelope.id)
        self._subjects.append(envelope.subject)
        self._authors.append(envelope.author)
        self._dates_s.append(envelope.date_s)
        self._is_reply.append(envelope.is_reply)
        self._has_references.append(bool(envelope.references))
        self._recipients.extend(envelope.recipients)
        self._recipient_starts.append(len(self._recipients))
        self.link(envelope)

    def link(self, envelope: Envelope) -> None:
        """A mail that is in no thread itself, but may join others: an automatic answer."""
        for reference in envelope.references:
            self._join(envelope.id, reference)

    def id_of(self, number: int) -> int:
        """The id of a mail that was added."""
        return self._ids[number]

    def found(self) -> Iterator[tuple[int, array[int]]]:
        """
        The threads, in the order of their first mails.

        Returns:
            For each the id that it begins with, whether that mail is there or not,
            and its mails by number, ascending in time; one without a date stays
            where it was.
        """
        self._join_by_subject()
        threads: dict[int, array[int]] = {}
        for number, mail in enumerate(self._ids):
            threads.setdefault(self._top(mail), array("Q")).append(number)
        for numbers in threads.values():
            ordered = self._by_time(numbers)
            yield self._roots[ordered[0]], ordered

    def _by_time(self, numbers: array[int]) -> array[int]:
        last = -inf
        times = {}
        for number in numbers:
            date_s = self._dates_s[number]
            times[number] = last = last if isnan(date_s) else date_s
        return array("Q", sorted(numbers, key=times.__getitem__))

    def _join_by_subject(self) -> None:
        """Let replies that name no mail join the last one that they can be an answer to."""
        subjects = {self._subjects[n] for n in range(len(self._ids)) if self._is_lost(n)}
        dated: dict[int, list[tuple[float, int]]] = {}
        for number, subject in enumerate(self._subjects):
            if subject in subjects and not isnan(self._dates_s[number]):
                dated.setdefault(subject, []).append((self._dates_s[number], number))
        for mails in dated.values():
            mails.sort()
            for place, (date_s, number) in enumerate(mails):
                if not self._is_lost(number):
                    continue
                first = bisect_left(mails, (date_s - self._window_s, 0), hi=place)
                earlier = (
                    n for _, n in reversed(mails[max(first, place - _N_LOOKED_BACK) : place])
                )
                answered = next((n for n in earlier if self._may_answer(number, n)), None)
                if answered is not None:
                    self._join(self._ids[number], self._ids[answered])

    def _is_lost(self, number: int) -> bool:
        """Whether only its subject can say what it answers."""
        is_lost = self._is_reply[number] and not self._has_references[number]
        return bool(is_lost and self._subjects[number])

    def _may_answer(self, reply: int, mail: int) -> bool:
        """
        Whether one who took part writes again, or somebody answers who began.

        "Re: Help" to a support address joins no other customer's "Help".
        """
        writer, asker = self._authors[reply], self._authors[mail]
        has_taken_part = writer and (writer == asker or writer in self._recipients_of(mail))
        return bool(
            has_taken_part or (not self._is_reply[mail] and asker in self._recipients_of(reply))
        )

    def _recipients_of(self, number: int) -> array[int]:
        return self._recipients[self._recipient_starts[number] : self._recipient_starts[number + 1]]

    def _join(self, one: int, other: int) -> None:
        one, other = self._top(one), self._top(other)
        if one != other:
            self._above[one] = other

    def _top(self, mail: int) -> int:
        top = mail
        while (above := self._above.get(top, top)) != top:
            top = above
        while mail != top:  # so that the next way up is short
            self._above[mail], mail = top, self._above[mail]
        return top

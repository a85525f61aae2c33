"""The canary corpus: every internal field carries a token, every kind of document is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from kbsearch import (
    Article,
    ArticleStatus,
    Audience,
    KnowledgeBase,
    Message,
    Person,
    Resolution,
    Ticket,
)
from kbsearch.models import Document
from kbsearch.testing import CanaryCorpus, canary_corpus
from tests.disk import bytes_of

FULL, SPARSE = canary_corpus(), canary_corpus(is_sparse=True)


def faces_of(corpus: CanaryCorpus) -> list[Document]:
    """What customers may read of it, in its order."""
    return [face for document in corpus.documents if (face := document.public_face())]


def texts_of(value: object, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a document with the name of its field."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_of(inner, f"{field}.{name}" if field else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts_of(inner, f"{field}[{number}]")


class TestTheTokens:
    """What is looked for must be found by nothing else, and wherever a part of it stands."""

    def test_are_128_bits_each_and_all_different(self) -> None:
        """22 syllables of 16 consonants and 4 vowels: 132 bits."""
        assert (
            len(set(FULL.tokens + SPARSE.tokens)) == len(FULL.canaries) + len(SPARSE.canaries) - 8
        )
        assert all(re.fullmatch("([bdfghjklmnprstvz][aiou]){22}", t) for t in FULL.tokens)

    def test_are_the_same_for_the_same_seed(self) -> None:
        """A failure can be looked at again."""
        assert canary_corpus(7) == canary_corpus(7)
        assert not set(canary_corpus(7).tokens) & set(canary_corpus(8).tokens)

    @pytest.mark.parametrize("corpus", [FULL, SPARSE], ids=["full", "sparse"])
    def test_stand_in_one_place_each(self, corpus: CanaryCorpus) -> None:
        """The message of a leak names the field that it came from."""
        places = {
            (canary.token, field)
            for document in corpus.documents
            for field, text in texts_of(document.model_dump(mode="json"))
            for canary in corpus.canaries_in(text)
        }

        expected = {(canary.token, canary.field) for canary in corpus.canaries}
        assert {p for p in places if not p[1].endswith("message_id")} == expected

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32"])
    def test_are_found_in_any_case_and_encoding(self, encoding: str) -> None:
        """SQLite, logs and Windows programs write what they like."""
        canary = FULL.canaries[3]

        found = FULL.canaries_in(f"¿{canary.token.upper()}!".encode(encoding))

        assert found == (canary,)

    def test_are_found_by_half_of_them(self) -> None:
        """A snippet or a column cuts where it wants."""
        token = FULL.tokens[0]

        assert FULL.canaries_in(f"…{token[5:30]}…") == (FULL.canaries[0],)
        assert FULL.canaries_in(f"{token[:15]}") == (FULL.canaries[0],)
        assert FULL.canaries_in(token[:10]) == ()

    def test_are_not_found_where_none_is(self) -> None:
        """The public faces are long texts too."""
        for face in faces_of(FULL):
            is_dated = isinstance(face, Article) and (face.valid_from or face.valid_until)
            assert is_dated or FULL.canaries_in(face.model_dump_json()) == ()


class TestTheDocuments:
    """All that a helpdesk has, and nothing that would tell the two worlds apart by right."""

    def test_customers_see_the_same_of_both_worlds(self) -> None:
        """Else the comparison of `assert_no_leak` would raise false alarms."""
        assert faces_of(FULL) == faces_of(SPARSE)
        assert len(faces_of(FULL)) == 6

    def test_staff_see_another_world(self) -> None:
        """More documents, others, and no token in common but those of the dated articles."""
        common = set(FULL.tokens) & set(SPARSE.tokens)

        assert len(FULL.documents) > len(SPARSE.documents)
        assert {canary.token for canary in FULL.canaries if canary.is_dated} == common
        assert sum(canary.is_dated for canary in FULL.canaries) == len(common) == 8

    def test_every_kind_is_there(self) -> None:
        """Each takes another way through a desk."""
        articles = [d for d in FULL.documents if isinstance(d, Article)]
        tickets = [d for d in FULL.documents if isinstance(d, Ticket)]

        assert {a.status for a in articles} == set(ArticleStatus)
        assert {a.audience for a in articles} == set(Audience)
        assert {t.published for t in tickets} == {True, False}
        assert any(a.valid_until for a in articles)
        assert any(a.valid_from for a in articles)
        assert any(a.twin_id for a in articles if a.audience is Audience.EXTERNAL)
        assert any(t.people for t in tickets)
        assert any(m.attachments for t in tickets for m in t.messages)
        assert any(t.resolution and not t.resolution.public for t in tickets)

    def test_every_field_that_can_hold_a_text_is_marked_somewhere(self) -> None:
        """A field that a model gets later is missed here first."""
        models = (Article, Ticket, Message, Resolution, Person)
        fields = {name for model in models for name in model.model_fields}
        holders = {"messages", "resolution", "people"}
        closed = {
            *{"kind", "audience", "format", "status", "confidence", "language", "satisfaction"},
            *{"published", "public", "author_role", "n_helpful", "n_unhelpful", "n_reopenings"},
            *{"valid_from", "valid_until", "created_at", "updated_at", "resolved_at"},
        }

        marked = {re.sub(r"\[\d+\]", "", canary.field.split(".")[-1]) for canary in FULL.canaries}

        assert fields - holders - closed - {"message_id"} == marked  # which repeats a message's id

    def test_every_document_is_taken_in_and_stands_whole_on_the_internal_shelf(
        self, kbsearch_desk: KnowledgeBase
    ) -> None:
        """No redactor takes a token for a secret: what is not stored cannot leak."""
        report = kbsearch_desk.upsert(FULL.documents)

        stored = b"".join(
            name.encode() + content
            for name, content in bytes_of(kbsearch_desk.path).items()
            if name.startswith("internal")
        )
        expected = {c.token for c in FULL.canaries if not c.is_dated and c.field != "twin_id"}
        assert (report.rejected, report.redactions) == ((), ())
        assert {token for token in FULL.tokens if token.encode() in stored} >= expected

    def test_every_question_of_staff_finds_something_internal(
        self, kbsearch_desk: KnowledgeBase
    ) -> None:
        """Questions that find nothing would ask nothing."""
        kbsearch_desk.upsert(FULL.documents)
        staff = kbsearch_desk.searcher("internal")

        empty = [
            question
            for question in FULL.staff_questions
            if not FULL.canaries_in(staff.search(question, k=5).model_dump_json().encode())
        ]

        assert empty == [""]

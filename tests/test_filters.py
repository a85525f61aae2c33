"""Filters are exact at every selectivity, wherever the documents stand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbsearch import (
    Article,
    ArticleStatus,
    Audience,
    Filters,
    Kind,
    KnowledgeBase,
    Searcher,
    Ticket,
    TicketStatus,
)
from kbsearch.embed import HashingEmbedder
from kbsearch.models import Document, Stage
from tests.builders import article, ticket
from tests.library import EXTERNAL, INTERNAL, WHERE, index

NOW = datetime(2024, 5, 17, 12, tzinfo=UTC)
PRODUCTS = ("phone", "laptop", "Laptop", "größe")
TAGS = ("vpn", "mail", "print", "sign in")
LANGUAGES = ("en", "pt", "pt-BR", "pt-PT", "ptx", "de")
WORDS = "printer jam toner tray paper roller cable driver queue spool fuser drum".split()


def _fields(rng: random.Random, number: int) -> dict[str, object]:
    day = NOW - timedelta(days=rng.randrange(40))
    return {
        "title": f"printer {number}",
        "product": rng.choice([None, *PRODUCTS]),
        "tags": tuple(rng.sample(TAGS, rng.randrange(4))),
        "language": rng.choice([None, *LANGUAGES]),
        "created_at": rng.choice([None, day]),
    }


def _document(rng: random.Random, number: int) -> Document:
    text = " ".join(["printer", *rng.choices(WORDS, k=rng.randrange(4, 30))])
    fields = _fields(rng, number)
    if rng.random() < 0.5:
        valid_until = rng.choice([None, None, NOW, NOW + timedelta(days=1)])
        valid_from = rng.choice([None, None, NOW, NOW + timedelta(days=1)])
        status = rng.choices(list(ArticleStatus), weights=(1, 4, 1))[0]
        audience = rng.choice([INTERNAL, EXTERNAL])
        return article(
            str(number),
            text,
            audience,
            status=status,
            valid_from=valid_from,
            valid_until=valid_until,
            **fields,
        )
    fields["subject"] = fields.pop("title")
    return ticket(str(number), text, status=rng.choice(list(TicketStatus)), **fields)


DOCUMENTS = [_document(random.Random(n), n) for n in range(300)]
IDS = [document.id for document in DOCUMENTS]


@pytest.fixture(scope="module", params=WHERE)
def desk_of_300(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeBase]:
    """The same documents in the delta, in a snapshot, or half in each."""
    path = tmp_path_factory.mktemp("filters") / "support.kb"
    with KnowledgeBase.create(path, embedder=HashingEmbedder(64)) as kb:
        index(kb, DOCUMENTS, request.param)
        yield kb


@pytest.fixture(scope="module")
def agents(desk_of_300: KnowledgeBase) -> Searcher:
    return desk_of_300.searcher(INTERNAL, clock=lambda: NOW)


@pytest.fixture(scope="module")
def customers(desk_of_300: KnowledgeBase) -> Searcher:
    return desk_of_300.searcher(EXTERNAL, clock=lambda: NOW)


def fits(document: Document, filters: Filters) -> bool:
    """The filters as their documentation reads, one document at a time."""
    is_ticket = isinstance(document, Ticket)
    hidden = document.status in (ArticleStatus.DRAFT, ArticleStatus.ARCHIVED)
    is_resolved = is_ticket and document.status in (TicketStatus.RESOLVED, TicketStatus.CLOSED)
    created, language = document.created_at, document.language or ""
    start, end = filters.created_from, filters.created_before
    return all(
        (
            not hidden if not filters.status else document.status.value in filters.status,
            filters.kind is None or document.kind == filters.kind.value,
            not filters.product or document.product in filters.product,
            all(tag in document.tags for tag in filters.tags),
            not filters.language
            or any(language == w or language.startswith(w + "-") for w in filters.language),
            filters.resolved is None or (is_ticket and filters.resolved == is_resolved),
            start is None or (created is not None and created >= start),
            end is None or (created is not None and created < end),
            document.id not in filters.exclude_ids,
        )
    )


def for_customers(document: Document) -> bool:
    """Whether customers may read it at `NOW`; none of the tickets is published."""
    if not isinstance(document, Article) or document.audience is not EXTERNAL:
        return False
    has_begun = document.valid_from is None or document.valid_from <= NOW
    is_over = document.valid_until is not None and document.valid_until <= NOW
    return document.status is ArticleStatus.PUBLISHED and has_begun and not is_over


def found_by(searcher: Searcher, filters: Filters) -> list[str]:
    return sorted(one.id for one in searcher.rank("printer", k=1000, filters=filters))


def expected_of(filters: Filters, audience: Audience = INTERNAL) -> list[str]:
    shown = (d for d in DOCUMENTS if audience is INTERNAL or for_customers(d))
    return sorted(document.id for document in shown if fits(document, filters))


ONE_FILTER_EACH = {
    "none": Filters(),
    "articles": Filters(kind=Kind.ARTICLE),
    "tickets": Filters(kind=Kind.TICKET),
    "product": Filters(product=("laptop",)),
    "products": Filters(product=("phone", "größe")),
    "unknown product": Filters(product=("toaster",)),
    "tag": Filters(tags=("sign in",)),
    "all of three tags": Filters(tags=("vpn", "mail", "print")),
    "unknown tag": Filters(tags=("vpn", "toaster")),
    "status": Filters(status=("open",)),
    "statuses of both kinds": Filters(status=("published", "closed", "draft")),
    "archived": Filters(status=("archived",)),
    "language": Filters(language=("en",)),
    "a language and its regions": Filters(language=("pt",)),
    "a region": Filters(language=("pt-BR", "de")),
    "resolved": Filters(resolved=True),
    "not resolved": Filters(resolved=False),
    "from": Filters(created_from=NOW - timedelta(days=7)),
    "before": Filters(created_before=NOW - timedelta(days=7)),
    "one day": Filters(created_from=NOW - timedelta(days=7), created_before=NOW),
    "an empty range": Filters(created_from=NOW, created_before=NOW),
    "other ids": Filters(exclude_ids=tuple(IDS[:150])),
}


@pytest.mark.parametrize("name", ONE_FILTER_EACH)
def test_each_filter_lets_through_just_what_fits(
    agents: Searcher, customers: Searcher, name: str
) -> None:
    """None missed because few fit, none returned that does not."""
    filters = ONE_FILTER_EACH[name]

    for_agents, for_others = found_by(agents, filters), found_by(customers, filters)

    assert for_agents == expected_of(filters)
    assert for_others == expected_of(filters, EXTERNAL)


@pytest.mark.parametrize("resolved", [True, False])
def test_only_tickets_can_be_resolved_or_not(agents: Searcher, resolved: bool) -> None:
    """An article is not an unresolved ticket; asked for both, nothing fits."""
    both = Filters(resolved=resolved, kind=Kind.ARTICLE)

    found = agents.search("printer", k=300, filters=Filters(resolved=resolved))

    assert {hit.kind for hit in found} == {Kind.TICKET}
    assert {hit.is_resolved for hit in found} == {resolved}
    assert agents.search("printer", filters=both).hits == ()


def test_the_examples_are_of_every_selectivity() -> None:
    """From nothing to nearly everything; else the tests above would show little."""
    sizes = {name: len(expected_of(filters)) for name, filters in ONE_FILTER_EACH.items()}

    assert sizes["none"] > 240
    assert sizes["unknown product"] == sizes["an empty range"] == 0
    assert 0 < sizes["all of three tags"] < 20
    assert 20 < sizes["a language and its regions"] < 150


moments = st.integers(-42, 2).map(lambda days: NOW + timedelta(days=days))
any_filters = st.builds(
    Filters,
    kind=st.none() | st.sampled_from(Kind),
    product=st.just(()) | st.lists(st.sampled_from([*PRODUCTS, "none"]), max_size=3).map(tuple),
    tags=st.just(()) | st.lists(st.sampled_from([*TAGS, "none"]), max_size=2).map(tuple),
    status=st.just(())
    | st.lists(st.sampled_from([*TicketStatus, *ArticleStatus, "none"]), max_size=3).map(tuple),
    language=st.just(()) | st.lists(st.sampled_from([*LANGUAGES, "xx"]), max_size=2).map(tuple),
    resolved=st.none() | st.booleans(),
    created_from=st.none() | moments,
    created_before=st.none() | moments,
    exclude_ids=st.just(()) | st.lists(st.sampled_from(IDS), max_size=40).map(tuple),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(filters=any_filters)
def test_any_combination_lets_through_just_what_fits_all_of_it(
    agents: Searcher, customers: Searcher, filters: Filters
) -> None:
    """Brute force over all 300 documents is the reference."""
    for_agents, for_others = found_by(agents, filters), found_by(customers, filters)

    assert for_agents == expected_of(filters)
    assert for_others == expected_of(filters, EXTERNAL)


@pytest.mark.parametrize("n_left", [0, 1, 2, 9, 10, 11, 99, 100, 101, 200])
@pytest.mark.parametrize("k", [1, 10, 250])
def test_k_hits_come_back_if_so_many_fit(agents: Searcher, n_left: int, k: int) -> None:
    """Where few fit, an index that filters its first k answers would come back short."""
    shown = expected_of(Filters())
    left = random.Random(n_left).sample(shown, n_left)
    filters = Filters(exclude_ids=tuple(set(IDS) - set(left)))

    found = [one.id for one in agents.rank("printer toner", k=k, filters=filters)]

    assert len(found) == min(k, n_left)
    assert set(found) <= set(left)


@pytest.mark.parametrize("name", ["product", "all of three tags", "resolved", "one day"])
def test_a_filter_changes_no_cosine_and_no_bm25_score(agents: Searcher, name: str) -> None:
    """It says which documents may be hits, not what they are worth."""
    everything = {one.id: one.scores for one in agents.rank("printer jam", k=1000)}

    kept = agents.rank("printer jam", k=1000, filters=ONE_FILTER_EACH[name])

    assert kept
    for one in kept:
        assert one.scores.cosine == pytest.approx(everything[one.id].cosine, abs=1e-6)
        assert one.scores.bm25_score == pytest.approx(everything[one.id].bm25_score, abs=1e-5)


def test_filtered_hits_are_the_best_of_those_that_fit(agents: Searcher) -> None:
    """By the same measure as for all, but that the best is the best of these."""
    filters = Filters(kind=Kind.TICKET, language=("pt",))
    parts = {one.id: one.scores for one in agents.rank("printer toner tray", k=1000)}
    fitting = expected_of(filters)
    by_best = (Stage.PASSAGES, Stage.TITLES, Stage.BM25)
    all_best = {s: max(one.shares[s] for one in parts.values()) for s in by_best}
    best = {s: max(parts[i].shares[s] for i in fitting) or 1.0 for s in by_best}
    worth = {
        i: sum(parts[i].shares[s] * all_best[s] / best[s] for s in by_best)
        + parts[i].shares[Stage.COVERAGE]
        + parts[i].shares[Stage.TITLE_WORDS]
        for i in fitting
    }

    found = agents.search("printer toner tray", k=5, filters=filters)

    assert [hit.id for hit in found] == sorted(worth, key=lambda i: (-round(worth[i], 5), i))[:5]

"""A form that every ticket carries must not make different problems look alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from kbsearch import Ticket
from kbsearch.arrays import Float32
from kbsearch.config import EmbedderSettings
from kbsearch.embed import make_embedder
from kbsearch.text import BoilerplateLearner, Cleaner
from tests.form_tickets import PROBLEMS, form_tickets

DUPLICATE_COSINE = 0.9


def share_of_false_near_duplicates(vectors: Float32, tickets: Sequence[Ticket]) -> float:
    """Of the pairs with different problems, the share that is at least as near as duplicates."""
    problems = np.arange(len(tickets)) % len(PROBLEMS)
    differ = problems[:, None] != problems[None, :]
    return float(((vectors @ vectors.T) >= DUPLICATE_COSINE)[differ].mean())


@pytest.mark.model
def test_learned_boilerplate_takes_away_nine_of_ten_false_near_duplicates() -> None:
    """By the default model, on 120 tickets of one form about 40 problems."""
    tickets = form_tickets(120)
    learner = BoilerplateLearner()
    for each in tickets:
        learner.add(Cleaner().learnable(each))
    embedder = make_embedder(EmbedderSettings())

    def vectors(cleaner: Cleaner) -> Float32:
        return embedder.embed_passages([cleaner.document(each).text for each in tickets])

    before = share_of_false_near_duplicates(vectors(Cleaner()), tickets)
    after = share_of_false_near_duplicates(vectors(Cleaner(learner.learn())), tickets)

    assert before > 0.2
    assert after <= 0.1 * before


def test_the_problem_itself_is_kept_word_for_word() -> None:
    """Forty problems, each three times: none is common enough to be a form."""
    tickets = form_tickets(120)
    learner = BoilerplateLearner()
    for each in tickets:
        learner.add(Cleaner().learnable(each))
    cleaner = Cleaner(learner.learn())

    texts = [cleaner.document(each).text for each in tickets]

    assert all(PROBLEMS[n % len(PROBLEMS)] in text for n, text in enumerate(texts))
    assert not any("service catalogue" in text or "Please attach" in text for text in texts)

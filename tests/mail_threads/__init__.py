"""
Mails in the shapes of common mail programs, every line labelled; all of it is invented.

They were written in five batches, each after the rules had been finished on the
ones before it: `en` to `nl`, `other` and `negatives` hold the first two, `more_*`
the next two. `held_out_*` is the last: since it was written, rules were changed
only so that they cut less.
"""

from __future__ import annotations

from tests.mail_threads.de import GERMAN
from tests.mail_threads.en import ENGLISH
from tests.mail_threads.es import SPANISH
from tests.mail_threads.fr import FRENCH
from tests.mail_threads.held_out_en_de import ENGLISH_AND_GERMAN_HELD_OUT
from tests.mail_threads.held_out_fr_es import FRENCH_AND_SPANISH_HELD_OUT
from tests.mail_threads.held_out_it_nl import ITALIAN_AND_DUTCH_HELD_OUT
from tests.mail_threads.held_out_negatives import HARD_NEGATIVES_HELD_OUT
from tests.mail_threads.it import ITALIAN
from tests.mail_threads.more_de import MORE_GERMAN
from tests.mail_threads.more_en import MORE_ENGLISH
from tests.mail_threads.more_es import MORE_SPANISH
from tests.mail_threads.more_fr import MORE_FRENCH
from tests.mail_threads.more_it import MORE_ITALIAN
from tests.mail_threads.more_negatives import MORE_HARD_NEGATIVES
from tests.mail_threads.more_nl import MORE_DUTCH
from tests.mail_threads.negatives import HARD_NEGATIVES
from tests.mail_threads.nl import DUTCH
from tests.mail_threads.other import OTHERS
from tests.mail_threads.thread import Label, Thread

MAILS: tuple[Thread, ...] = (
    *ENGLISH,
    *GERMAN,
    *FRENCH,
    *SPANISH,
    *ITALIAN,
    *DUTCH,
    *OTHERS,
    *MORE_ENGLISH,
    *MORE_GERMAN,
    *MORE_FRENCH,
    *MORE_SPANISH,
    *MORE_ITALIAN,
    *MORE_DUTCH,
    *ENGLISH_AND_GERMAN_HELD_OUT,
    *FRENCH_AND_SPANISH_HELD_OUT,
    *ITALIAN_AND_DUTCH_HELD_OUT,
)
"""Mails that carry something to cut."""

PROBLEMS: tuple[Thread, ...] = (*HARD_NEGATIVES, *MORE_HARD_NEGATIVES, *HARD_NEGATIVES_HELD_OUT)
"""Messages that only look as if; nothing of them may be cut but a signature so labelled."""

__all__ = ["MAILS", "PROBLEMS", "Label", "Thread"]

"""Copies of internal sentences, edited as people edit what they paste, by a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

_SYNONYMS = {
    "customer": "client",
    "customers": "clients",
    "ticket": "case",
    "tickets": "cases",
    "fix": "repair",
    "fixed": "repaired",
    "old": "former",
    "new": "latest",
    "button": "control",
    "wait": "hold on",
    "ask": "consult",
    "press": "push",
    "problem": "issue",
    "still": "yet",
    "before": "prior to",
    "after": "following",
    "minutes": "min",
    "about": "roughly",
    "computer": "machine",
    "only": "just",
    "never": "under no circumstances",
    "usually": "normally",
    "wrong": "incorrect",
    "big": "large",
    "look": "check",
    "need": "require",
    "needs": "requires",
    "people": "persons",
    "number": "no.",
    "send": "forward",
    "half": "50%",
    "twice": "two times",
    "same": "identical",
    "every": "each",
    "shows": "displays",
    "because": "since",
    "until": "till",
    "set": "put",
    "goes": "is passed",
}
_FILLERS = ("apparently", "actually", "by the way", "as far as we know", "currently", "of course")
_SOFT = {"the", "a", "an", "just", "really", "very", "also", "then", "simply", "still", "quite"}


def exact(sentence: str, _: random.Random) -> str:
    return sentence


def cased(sentence: str, chance: random.Random) -> str:
    return chance.choice((sentence.lower(), sentence.upper(), sentence.title()))


def marked_up(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    place = chance.randrange(len(words))
    mark = chance.choice(("**", "*", "_", "`"))
    words[place] = f"{mark}{words[place]}{mark}"
    return chance.choice(("- ", "> ", "1. ", "")) + " ".join(words)


def misspelt(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    long = [i for i, word in enumerate(words) if len(word) > 5 and word.isalpha()]
    for place in chance.sample(long, min(2, len(long))):
        word, i = words[place], chance.randrange(1, len(words[place]) - 2)
        swapped = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        words[place] = chance.choice(
            (swapped, word[:i] + word[i + 1 :], word[:i] + word[i] + word[i:])
        )
    return " ".join(words)


def with_synonyms(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    for place, word in enumerate(words):
        bare = word.strip(".,:;()*").lower()
        if bare in _SYNONYMS:
            words[place] = word.lower().replace(bare, _SYNONYMS[bare])
    return _shortened(" ".join(words), chance)


def _shortened(sentence: str, chance: random.Random) -> str:
    """Without small words, and now and then without a whole one."""
    words = [word for word in sentence.split() if word.lower() not in _SOFT]
    if len(words) > 9 and chance.random() < 0.7:
        del words[chance.randrange(1, len(words))]
    return " ".join(words)


def with_insertions(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    for filler in chance.sample(_FILLERS, 2):
        words.insert(chance.randrange(1, len(words)), filler)
    return " ".join(words)


def with_swapped_words(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    for _ in range(2):
        i = chance.randrange(len(words) - 1)
        words[i], words[i + 1] = words[i + 1], words[i]
    return " ".join(words)


def reordered(sentence: str, _: random.Random) -> str:
    clauses = re.split(r"(?<=[,;:])\s+", sentence.rstrip("."))
    if len(clauses) == 1:
        words = clauses[0].split()
        clauses = [" ".join(words[len(words) // 2 :]), " ".join(words[: len(words) // 2])]
        return ", ".join(clauses) + "."
    return ", ".join(clause.rstrip(",;:") for clause in reversed(clauses)) + "."


def parted(sentence: str, _: random.Random) -> str:
    words = sentence.split()
    middle = next(
        (
            i + 1
            for i, w in enumerate(words)
            if w.endswith((",", ";", ":")) and 2 < i < len(words) - 4
        ),
        len(words) // 2,
    )
    first = " ".join(words[:middle]).rstrip(",;:")
    return f"{first}. {words[middle].capitalize()} {' '.join(words[middle + 1 :])}"


def wrapped(sentence: str, chance: random.Random) -> str:
    before = chance.choice(
        (
            "I had a look for you and ",
            "To be honest, ",
            "What I can tell you is that ",
            "Our notes say: ",
        )
    )
    after = chance.choice(
        (
            ", so please bear with us until Friday",
            ", and I hope that this helps",
            ", as you will see",
        )
    )
    return before + sentence[0].lower() + sentence[1:].rstrip(".") + after + "."


def merged(sentence: str, chance: random.Random) -> str:
    other = chance.choice(
        (
            "Thanks for the details you sent",
            "I tried it on my own phone",
            "You asked about the invoice too",
        )
    )
    return f"{other}, and {sentence[0].lower()}{sentence[1:]}"


EDITS: Sequence[Callable[[str, random.Random], str]] = (
    exact,
    cased,
    marked_up,
    misspelt,
    with_synonyms,
    with_insertions,
    with_swapped_words,
    reordered,
    parted,
    wrapped,
    merged,
)

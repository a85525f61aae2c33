"""Whose texts a model was trained on, and so whose shelf it may serve."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from kbsearch.errors import EmbedderError, EmbedderNotFoundError
from kbsearch.models.base import Audience, FrozenModel, Time

CARD_FILE = "kbsearch_training.json"
"""Stands beside the weights of a model that a desk adapted, and is part of the model's hash."""
_HASH_IN_NAME = re.compile(r"-([0-9a-f]{8})$")


class TrainingCard(FrozenModel):
    """
    What an adapted model says of itself; no text of a document.

    Attributes:
        format: Of this card.
        audience: Whose texts it was trained on: those of customers' shelf alone, or all
            that staff may read. A model says something of the texts that made it.
        base: Fingerprint of the model that it was made of.
        method: "full" or "lora".
        trained_at: When.
        n_documents: Documents that the pairs come from.
        n_pairs: Pairs of texts that it has seen.
        seed: Of their order.
    """

    format: Literal[1] = 1
    audience: Audience
    base: str
    method: str
    trained_at: Time
    n_documents: int
    n_pairs: int
    seed: int


class ModelAudienceError(EmbedderError):
    """A model that was trained on staff's texts was to serve customers."""

    def __init__(self, model: str) -> None:
        self.model = model
        super().__init__(
            f"Model {model!r} was trained on texts that only staff may read, and its vectors "
            "tell of them: it serves no customers, and nothing of customers' shelf is embedded "
            "with it. Set another model under [embedder] in kbsearch.toml and run `kbsearch "
            "rebuild`; `kbsearch train --audience external` makes one that may serve everybody."
        )

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return type(self), (self.model,)


def training_card(directory: Path) -> TrainingCard | None:
    """
    What the model in a directory says of its training; None if no desk adapted it.

    Raises:
        EmbedderNotFoundError: If it says so in a way that cannot be read: nobody knows
            then whose texts are in it.
    """
    path = directory / CARD_FILE
    if not path.exists():
        return None
    try:
        return TrainingCard.model_validate_json(path.read_bytes())
    except (ValidationError, OSError):
        reason = f"its {CARD_FILE} cannot be read, so nobody knows whose texts made it"
        raise EmbedderNotFoundError(str(directory), reason) from None


def require_as_named(embedder: object, directory: Path) -> None:
    """
    Refuse a model that a desk adapted and whose files are others than when it was named.

    Args:
        embedder: Made of the directory.
        directory: Its name ends in a hyphen and the beginning of the hash of its files.

    Raises:
        EmbedderNotFoundError: If a file was changed: vectors by it compare with no others.
    """
    named = _HASH_IN_NAME.search(directory.name)
    made_of = getattr(getattr(embedder, "fingerprint", None), "model_sha256", "")
    if named is not None and not made_of.startswith(named[1]):
        reason = (
            f"its files are not those that it was named after, whose sha256 began with {named[1]}; "
            "restore them, or train anew"
        )
        raise EmbedderNotFoundError(str(directory), reason)


def require_may_serve(embedder: object, audience: Audience) -> None:
    """
    Refuse an embedder that was trained on more than an audience may read.

    Args:
        embedder: Of the desk; one that no desk adapted has no card.
        audience: Who reads what is embedded.

    Raises:
        ModelAudienceError: If customers would be served by what staff's texts made.
    """
    if audience is Audience.INTERNAL:
        return
    card = getattr(embedder, "training", None)
    if isinstance(card, TrainingCard) and card.audience is not Audience.EXTERNAL:
        raise ModelAudienceError(str(getattr(embedder, "fingerprint", "of this desk")))

"""How a model is adapted: the numbers that were found to help every desk they were tried on."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from kbsearch.models.base import FrozenModel


class Method(StrEnum):
    """What of the model learns: all its layers, or small matrices beside them (LoRA)."""

    FULL = "full"
    LORA = "lora"


_LEARNING_RATES = {Method.FULL: 5e-5, Method.LORA: 5e-4}


class Recipe(FrozenModel):
    """
    All that decides what training makes of the same pairs; benchmarks/RESULTS.md says why.

    Attributes:
        method: What of the model learns.
        n_epochs: So often every pair is read, if there is time.
        batch_size: Pairs that are each other's negatives.
        n_negatives: Hard negatives of each pair beside them.
        max_tokens: Read of each text while training; the model itself reads as many as before.
        learning_rate: At its highest; left out, that of the method.
        scale: Of the cosines in the loss, one over its temperature.
        kept: Share of the adapted weights in the result; the rest is the model as it was.
        seed: Of all that is drawn.
    """

    method: Method = Method.FULL
    n_epochs: int = Field(default=1, ge=1, le=100)
    batch_size: int = Field(default=64, ge=2, le=1024)
    n_negatives: int = Field(default=1, ge=0, le=8)
    max_tokens: int = Field(default=64, ge=8, le=512)
    learning_rate: float | None = Field(default=None, gt=0)
    scale: float = Field(default=20.0, gt=0)
    kept: float = Field(default=1.0, gt=0, le=1)
    seed: int = 7

    @property
    def highest_rate(self) -> float:
        """The learning rate after the first steps."""
        return self.learning_rate or _LEARNING_RATES[self.method]

"""Adapting a model to pairs of texts with sentence-transformers' own trainer, within a budget."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from kbsearch.embed import SentenceTransformerEmbedder
from kbsearch.embed.loading import no_loading_bar
from kbsearch.errors import ConfigError, MissingExtraError
from kbsearch.progress import Progress, silent
from kbsearch.training.checkpoints import (
    load_checkpoint,
    make_room,
    save_checkpoint,
    training_key,
)
from kbsearch.training.learner import Learner
from kbsearch.training.pairs import Pair, in_batches
from kbsearch.training.recipe import Method, Recipe

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_CHECKPOINT_EVERY_S = 60.0
_WARMUP_BATCHES = 5
_MOST_NORM = 1.0
_TASK = "adapting the model"


class Prompts(NamedTuple):
    """What the desk's settings put before questions and before passages."""

    query: str = ""
    passage: str = ""


class Budget(NamedTuple):
    """
    How long a training may take.

    Attributes:
        seconds: Of a wall clock; one batch is read in any case.
        clock: Seconds from any moment.
    """

    seconds: float
    clock: Callable[[], float] = time.monotonic


class Adapted(NamedTuple):
    """
    A model that has been trained, in memory.

    Attributes:
        model: As the base was in everything but its weights.
        n_batches: That it has read, of all runs.
        n_batches_before: Of these, in runs that were interrupted.
        n_batches_wanted: Of the whole recipe; less were read if the time was up.
        seconds: That this run took.
    """

    model: SentenceTransformer
    n_batches: int
    n_batches_before: int
    n_batches_wanted: int
    seconds: float


def adapt(
    base: SentenceTransformerEmbedder,
    pairs: Sequence[Pair],
    *,
    recipe: Recipe,
    budget: Budget,
    unfinished: Path,
    resume: bool = True,
    prompts: Prompts = Prompts(),  # noqa: B008 - immutable
    progress: Progress = silent,
) -> Adapted:
    """
    Train on pairs until all are read or the time is up.

    Whatever stops it, the next call with the same pairs goes on where it was: a state is
    kept every minute and at the end, also when `progress` raises. The caller drops it.

    Args:
        base: The model to begin with; it is not changed.
        pairs: Texts that belong together.
        recipe: How.
        budget: How long.
        unfinished: A directory for the state.
        resume: Go on from a state that was kept.
        prompts: Of the desk.
        progress: Told after each batch.

    Raises:
        ConfigError: If the pairs fill not even one batch, or the method does not fit.
        MissingExtraError: If a package for training is missing.
        StoreUnavailableError: If the state cannot be written.
    """
    require_packages(recipe)
    began = budget.clock()
    ordered = [
        pair
        for epoch in range(recipe.n_epochs)
        for pair in in_batches(pairs, recipe.batch_size, seed=recipe.seed, epoch=epoch)
    ]
    n_wanted = len(ordered) // recipe.batch_size
    if not n_wanted:
        raise ConfigError(
            f"{len(pairs)} pairs of texts are too few to train on: a batch has "
            f"{recipe.batch_size}, of different documents. Add documents with titles first."
        )
    make_room(unfinished)  # before the trainer does, who lets others in
    key = training_key(str(base.fingerprint), recipe, ordered)
    kept = load_checkpoint(unfinished, key) if resume else None
    with _own_randomness(recipe.seed):
        learner = Learner(base, recipe)
        n_before = kept.n_batches if kept and learner.take(kept) else 0
        run = _Run(learner, unfinished, key, _Pace(budget, began, n_before, n_wanted), progress)
        if n_before < n_wanted:
            try:
                _train(run, ordered[n_before * recipe.batch_size :], recipe, prompts)
            finally:
                run.keep()
        model = learner.finished(base)
    return Adapted(model, run.n_batches, n_before, n_wanted, budget.clock() - began)


def require_packages(recipe: Recipe) -> None:
    """
    Refuse before anything is read what could not be done.

    Raises:
        MissingExtraError: If a package for training is missing.
    """
    wanted = ["datasets", "accelerate"] + (["peft"] if recipe.method is Method.LORA else [])
    for package in wanted:
        if find_spec(package) is None:
            raise MissingExtraError("Adapting a model", package, "training")


class _Pace(NamedTuple):
    """How far a run is, by its batches or by its time, whichever is farther."""

    budget: Budget
    began: float
    n_before: int
    n_wanted: int

    def seconds(self) -> float:
        return self.budget.clock() - self.began

    def is_over(self) -> bool:
        return self.seconds() >= self.budget.seconds

    def rate(self, n_steps: int) -> float:
        """Of the highest learning rate, after so many steps of this run: up, then down to 0."""
        by_batches = (self.n_before + n_steps) / self.n_wanted
        by_time = self.seconds() / self.budget.seconds if self.budget.seconds > 0 else 1.0
        rest = 1.0 - min(1.0, max(by_batches, by_time))
        return min(1.0, (n_steps + 1) / _WARMUP_BATCHES) * rest


class _Run:
    """One run of a training: counts batches, and keeps the learner's state now and then."""

    def __init__(
        self, learner: Learner, directory: Path, key: str, pace: _Pace, progress: Progress
    ) -> None:
        self.learner, self.directory, self._key = learner, directory, key
        self.pace, self._progress = pace, progress
        self.n_batches = self._n_kept = pace.n_before
        self._kept_at = pace.seconds()

    def step(self) -> bool:
        """One more batch has been read; whether there is time for another."""
        self.n_batches += 1
        if self.pace.seconds() - self._kept_at >= _CHECKPOINT_EVERY_S:
            self.keep()
        self._progress(_TASK, self.n_batches, self.pace.n_wanted)
        return not self.pace.is_over()

    def keep(self) -> None:
        """Put the state on disk, if there is anything new."""
        if self.n_batches > self._n_kept:
            save_checkpoint(self.directory, self._key, self.learner.state(self.n_batches))
            self._n_kept, self._kept_at = self.n_batches, self.pace.seconds()


def _train(run: _Run, pairs: Sequence[Pair], recipe: Recipe, prompts: Prompts) -> None:
    from datasets import Dataset
    from sentence_transformers import SentenceTransformerTrainer
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from torch.optim.lr_scheduler import LambdaLR
    from transformers import PrinterCallback

    class Trainer(SentenceTransformerTrainer):
        """Writes no card: what is known of the model is said by kbsearch."""

        def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:  # noqa: ARG002
            return None

    model, optimizer = run.learner.model, run.learner.optimizer
    loss = MultipleNegativesRankingLoss(
        model,
        scale=recipe.scale,
        directions=("query_to_doc", "doc_to_query"),
        partition_mode="per_direction",
    )
    with no_loading_bar():
        trainer = Trainer(
            model=model,
            args=_arguments(run.directory, recipe),
            train_dataset=Dataset.from_dict(_columns(pairs, prompts)),
            loss=loss,
            optimizers=(optimizer, LambdaLR(optimizer, run.pace.rate)),
            callbacks=[_callback(run)],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()


def _arguments(directory: Path, recipe: Recipe) -> Any:
    """Of a trainer that reads batches in the order given, and writes nothing anywhere."""
    from sentence_transformers import SentenceTransformerTrainingArguments
    from sentence_transformers.base.sampler import DefaultBatchSampler
    from torch.utils.data import SequentialSampler

    return SentenceTransformerTrainingArguments(
        output_dir=str(directory),
        num_train_epochs=1,
        per_device_train_batch_size=recipe.batch_size,
        max_grad_norm=_MOST_NORM,
        seed=recipe.seed,
        use_cpu=True,
        bf16=_has_bfloat16(),
        dataloader_drop_last=True,
        dataloader_pin_memory=False,
        batch_sampler=lambda dataset, **options: DefaultBatchSampler(
            SequentialSampler(dataset), **options
        ),
        save_strategy="no",  # its checkpoints hold pickles
        eval_strategy="no",
        logging_strategy="no",
        report_to=[],
        disable_tqdm=True,
    )


def _has_bfloat16() -> bool:
    """Whether this processor multiplies in bfloat16: a batch then takes half as long."""
    import torch

    known: Any = torch.cpu
    asks = (
        getattr(known, name, None)
        for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    )
    return any(bool(ask()) for ask in asks if ask is not None)


def _callback(run: _Run) -> Any:
    from transformers import TrainerCallback

    class Watching(TrainerCallback):
        """Stops the trainer when the time is up."""

        def on_step_end(self, args: Any, state: Any, control: Any, **others: Any) -> Any:  # noqa: ARG002
            control.should_training_stop = not run.step()
            return control

    return Watching()


def _columns(pairs: Sequence[Pair], prompts: Prompts) -> dict[str, list[str]]:
    columns = {
        "anchor": [prompts.query + pair.anchor for pair in pairs],
        "positive": [prompts.passage + pair.positive for pair in pairs],
    }
    for n in range(min(len(pair.negatives) for pair in pairs)):
        columns[f"negative_{n + 1}"] = [prompts.passage + pair.negatives[n] for pair in pairs]
    return columns


@contextmanager
def _own_randomness(seed: int) -> Iterator[None]:
    """The trainer seeds what the whole process draws from; the caller gets its own back."""
    import torch

    of_python, of_numpy = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=[]):
        try:
            torch.manual_seed(seed)
            yield
        finally:
            random.setstate(of_python)
            np.random.set_state(of_numpy)

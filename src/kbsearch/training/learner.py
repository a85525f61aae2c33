"""The part of a model that learns, and its optimiser: what a state is kept of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kbsearch.embed import SentenceTransformerEmbedder
from kbsearch.embed.loading import no_loading_bar
from kbsearch.errors import ConfigError, EmbedderNotFoundError
from kbsearch.training.checkpoints import Progressed
from kbsearch.training.recipe import Method, Recipe

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

_LORA_RANK = 16
_WEIGHT_DECAY = 0.01


class Learner:
    """
    A model in the form in which it is trained.

    Args:
        base: What it is made of; its files are not changed.
        recipe: What of it learns, and how fast.

    Raises:
        EmbedderNotFoundError: If the model cannot be loaded for training.
        ConfigError: If the method does not fit the model.
    """

    def __init__(self, base: SentenceTransformerEmbedder, recipe: Recipe) -> None:
        import torch

        self._recipe = recipe
        self.model = _load(base)
        self._before = {name: each.clone() for name, each in self.model.state_dict().items()}
        self._limit = self.model.max_seq_length
        if self._limit is not None:
            self.model.max_seq_length = min(recipe.max_tokens, self._limit)
        if recipe.method is Method.LORA:
            _add_lora(self.model)
        self.parameters = [each for each in self.model.parameters() if each.requires_grad]
        self.optimizer = torch.optim.AdamW(
            self.parameters, lr=recipe.highest_rate, weight_decay=_WEIGHT_DECAY
        )

    def take(self, kept: Progressed) -> bool:
        """Go on from a state; False, and nothing is changed, if it is not one of this model."""
        import torch

        shapes = [each.shape for each in self.parameters]
        if [each.shape for each in kept.parameters] != shapes:
            return False
        with torch.no_grad():
            for parameter, value in zip(self.parameters, kept.parameters, strict=True):
                parameter.copy_(value)
        for parameter, (first, second) in zip(self.parameters, kept.momenta, strict=False):
            self.optimizer.state[parameter] = {
                "step": torch.tensor(float(kept.n_batches)),
                "exp_avg": first,
                "exp_avg_sq": second,
            }
        return True

    def state(self, n_batches: int) -> Progressed:
        """As it stands after so many batches."""
        states = [self.optimizer.state.get(each, {}) for each in self.parameters]
        momenta = [(one["exp_avg"], one["exp_avg_sq"]) for one in states if "exp_avg" in one]
        is_whole = len(momenta) == len(self.parameters)
        return Progressed(n_batches, list(self.parameters), momenta if is_whole else [])

    def finished(self, base: SentenceTransformerEmbedder) -> SentenceTransformer:
        """The model as it is saved and used: one set of weights, reading what the base reads."""
        import torch

        learnt = _without_lora(self.model)
        model = _load(base)
        share = self._recipe.kept
        with torch.no_grad():
            mixed = {
                name: (1 - share) * old + share * learnt[name] if old.is_floating_point() else old
                for name, old in self._before.items()
            }
        model.load_state_dict(mixed)
        return model


def _load(base: SentenceTransformerEmbedder) -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer

    try:
        with no_loading_bar():
            return SentenceTransformer(
                str(base.directory),
                device="cpu",
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"dtype": torch.float32, "use_safetensors": True},
            )
    except Exception as error:  # safetensors and tokenizers raise classes of their own
        reason = f"sentence-transformers refused it: {error}"
        raise EmbedderNotFoundError(str(base.directory), reason) from error


def _add_lora(model: SentenceTransformer) -> None:
    from peft import LoraConfig
    from torch.nn import Linear

    n_layers = sum(isinstance(each, Linear) for each in model.modules())
    if not n_layers:
        raise ConfigError(
            "LoRA adapts the linear layers of a transformer, and this model has none. "
            'Train it whole: method="full".'
        )
    model.add_adapter(
        LoraConfig(r=_LORA_RANK, lora_alpha=2 * _LORA_RANK, target_modules="all-linear")
    )


def _without_lora(model: SentenceTransformer) -> dict[str, Tensor]:
    """Weights by the names that they have in a model without LoRA, which is added to them."""
    for module in model.modules():
        layer: Any = module
        if hasattr(layer, "lora_A") and hasattr(layer, "merge"):
            layer.merge()
    weights = {
        name.replace(".base_layer.", "."): each
        for name, each in model.state_dict().items()
        if ".lora_" not in name
    }
    return {name: each.detach() for name, each in weights.items()}

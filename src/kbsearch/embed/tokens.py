"""What a model's tokenizer makes of a text, with nothing cut off."""

from __future__ import annotations

from typing import Any

import numpy as np

from kbsearch.arrays import Int64


def whole_text_tokenizer(original: Any) -> Any:
    """
    A copy that neither truncates nor pads, whatever a model sets on the original.

    Args:
        original: A tokenizer of `tokenizers`, or a fast one of transformers.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(getattr(original, "backend_tokenizer", original).to_str())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def offsets_of_tokens(tokenizer: Any, text: str) -> Int64:
    """Half-open character offsets of all tokens, (n_tokens, 2), special ones left out."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    spans = [span for span in encoding.offsets if span[1] > span[0]]
    return np.array(spans, dtype=np.int64).reshape(-1, 2)

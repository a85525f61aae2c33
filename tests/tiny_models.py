"""Embedding models of a few kilobytes, made on the spot: real formats, random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

WORDS = (
    "the a printer paper battery screen drops after sleep again jam cable grüße aus köln straße "
    "帮 助 naïve 😀 administration"
).split()
DIM = 16


def tiny_tokenizer(*, truncate_at: int | None = None) -> Any:
    """Whole words of `WORDS`; every other word is one unknown token."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    vocabulary = {token: number for number, token in enumerate(["[UNK]", "[PAD]", *WORDS])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    if truncate_at is not None:
        tokenizer.enable_truncation(truncate_at)
    return tokenizer


def tiny_table() -> np.ndarray[Any, np.dtype[np.float32]]:
    """One random vector for each token."""
    rng = np.random.default_rng(11)
    return np.asarray(rng.standard_normal((len(WORDS) + 2, DIM)), dtype=np.float32)


def save_model2vec(directory: Path, *, max_length: int | None = 512) -> Path:
    """A model as model2vec itself writes it."""
    from model2vec import StaticModel

    model = StaticModel(tiny_table(), tiny_tokenizer(), max_length=max_length)
    model.save_pretrained(directory)
    return directory


def save_static_embedding(directory: Path, *, truncate_at: int | None = None) -> Path:
    """A StaticEmbedding model as sentence-transformers itself writes it."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    tokenizer = tiny_tokenizer(truncate_at=truncate_at)
    module = StaticEmbedding(tokenizer, embedding_weights=tiny_table())
    SentenceTransformer(modules=[module], device="cpu").save(str(directory))
    return directory


def save_cross_encoder(directory: Path, *, n_outputs: int = 1) -> Path:
    """A BERT of two layers that reads pairs, as sentence-transformers itself writes it."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    bare = directory.parent / f"{directory.name}-bert"
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=DIM,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    config.num_labels = n_outputs
    torch.manual_seed(11)
    BertForSequenceClassification(config).save_pretrained(bare)
    vocabulary = {word: number for number, word in enumerate(words)}
    BertTokenizer(vocab=vocabulary, model_max_length=64).save_pretrained(bare)
    CrossEncoder(str(bare), device="cpu", local_files_only=True).save_pretrained(
        str(directory), create_model_card=False
    )
    return directory


def save_bert(directory: Path, words: Sequence[str]) -> Path:
    """A sentence encoder of two layers that knows these words, as its library writes it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    bare = directory.parent / f"{directory.name}-bert"
    known = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]
    config = BertConfig(
        vocab_size=len(known),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    torch.manual_seed(11)
    BertModel(config).save_pretrained(bare)
    vocabulary = {word: number for number, word in enumerate(known)}
    BertTokenizer(vocab=vocabulary, model_max_length=64).save_pretrained(bare)
    transformer = Transformer(str(bare), max_seq_length=64)
    pooling = Pooling(transformer.get_embedding_dimension(), pooling_mode="mean")
    model = SentenceTransformer(modules=[transformer, pooling], device="cpu")
    model.save_pretrained(str(directory), create_model_card=False)
    return directory

"""Embedding functions for the clause index: built-in character vectors, an OpenAI-compatible endpoint, a local ONNX folder.

The home of `openai` for embeddings; nothing is contacted unless the user names it.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from assist_review.errors import LLMUnavailable, SettingsError, StoreError
from assist_review.text import fold

_SIZE = 512


class Embedder(Protocol):
    """Texts to unit vectors. `name` is safe in a collection name; `weight` is its say in rank fusion."""

    name: str
    weight: float

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text."""


def embedder(choice: str | None) -> Embedder:
    """The embedding function for `openai:<model>`, `onnx:<folder>` or None (built in)."""
    if not choice:
        return CharacterVectors()
    kind, _, rest = choice.partition(":")
    if kind == "openai" and rest:
        return EndpointVectors(rest)
    if kind == "onnx" and rest:
        return OnnxVectors(Path(rest))
    raise SettingsError(f"--embeddings“{choice}”不可用，应为 openai:<模型> 或 onnx:<文件夹>")


def _unit(matrix: np.ndarray[Any, Any]) -> list[list[float]]:
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return [[float(x) for x in row] for row in matrix / np.maximum(norms, 1e-12)]


class CharacterVectors:
    """Signed hashing of character bigrams into 512 dimensions; needs no model.

    As an equal partner it lowers the recall of BM25 over the same bigrams, so its weight in fusion is small.
    """

    name = "chars-512"
    weight = 0.1

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text."""
        matrix = np.zeros((len(texts), _SIZE))
        for i, text in enumerate(texts):
            key = fold(text)
            for gram in (key[j : j + 2] for j in range(len(key) - 1)):
                digest = hashlib.blake2b(gram.encode(), digest_size=4).digest()
                place = int.from_bytes(digest[:3], "big") % _SIZE
                matrix[i, place] += 1.0 if digest[3] & 1 else -1.0
        return _unit(np.sign(matrix) * np.sqrt(np.abs(matrix)))


class EndpointVectors:
    """Any OpenAI-compatible `/v1/embeddings`; address from OPENAI_BASE_URL, key from OPENAI_API_KEY."""

    weight = 1.0

    def __init__(self, model: str) -> None:
        self._model = model
        self.name = (
            "endpoint-" + hashlib.sha256(f"{os.environ.get('OPENAI_BASE_URL', '')}{model}".encode()).hexdigest()[:12]
        )

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text."""
        import openai

        try:
            answer = openai.OpenAI().embeddings.create(model=self._model, input=list(texts))
        except openai.OpenAIError as error:
            raise LLMUnavailable(f"向量接口没有返回结果（模型 {self._model}）：{error}") from error
        return _unit(np.array([d.embedding for d in answer.data]))


class OnnxVectors:
    """A local folder with `model.onnx` and `tokenizer.json`; mean pooling over the last hidden state."""

    weight = 1.0

    def __init__(self, folder: Path) -> None:
        if not (folder / "model.onnx").is_file() or not (folder / "tokenizer.json").is_file():
            raise StoreError(f"{folder} 中应有 model.onnx 和 tokenizer.json")
        from onnxruntime import InferenceSession
        from tokenizers import Tokenizer

        self._session = InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(512)
        self._tokenizer.enable_padding()
        size = (folder / "model.onnx").stat().st_size
        self.name = "onnx-" + hashlib.sha256(f"{folder.resolve()}{size}".encode()).hexdigest()[:12]

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text."""
        coded = self._tokenizer.encode_batch(list(texts))
        ids = np.array([c.ids for c in coded], dtype=np.int64)
        mask = np.array([c.attention_mask for c in coded], dtype=np.int64)
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        wanted = {i.name for i in self._session.get_inputs()}
        hidden = self._session.run(None, {k: v for k, v in feeds.items() if k in wanted})[0]
        weights = mask[:, :, None].astype(hidden.dtype)
        return _unit((hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9))

"""The clause index in chromadb: one collection per pack version and embedding, rebuilt when either changes.

The home of `chromadb`. Its default embedding function is never used, it would download a model.
"""

from pathlib import Path
from typing import Any

from assist_review.errors import StoreError
from assist_review.regulation import Pack
from assist_review.store.embeddings import embedder

_BATCH = 512


class ClauseStore:
    """Clauses of one pack as vectors. `weight` is what its ranking counts beside the lexical one."""

    def __init__(self, folder: Path, pack: Pack, embeddings: str | None = None) -> None:
        self._embed = embedder(embeddings)
        self.weight = self._embed.weight
        self._collection = _collection(folder, pack, self._embed.name)
        if self._collection.count() != len(pack.clauses):
            self._fill(pack)

    def _fill(self, pack: Pack) -> None:
        titles = {i.id: i.title for i in pack.instruments}
        texts = [f"{titles.get(c.instrument, '')} {c.label} {c.text}" for c in pack.clauses]
        for at in range(0, len(texts), _BATCH):
            part = pack.clauses[at : at + _BATCH]
            self._collection.upsert(
                ids=[c.id for c in part],
                documents=texts[at : at + _BATCH],
                embeddings=self._embed(texts[at : at + _BATCH]),
                metadatas=[{"instrument": c.instrument} for c in part],
            )

    def search(self, text: str, *, limit: int = 20) -> list[str]:
        """Ids of the nearest clauses, best first."""
        found = self._collection.query(
            query_embeddings=self._embed([text]), n_results=min(limit, self._collection.count())
        )
        return list(found["ids"][0])


def _collection(folder: Path, pack: Pack, embedding: str) -> Any:
    import chromadb
    from chromadb.config import Settings

    try:
        folder.mkdir(parents=True, exist_ok=True)
        client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
        return client.get_or_create_collection(
            f"{pack.id}-{pack.sha256[:16]}-{embedding}",
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
        )
    except Exception as error:
        # chromadb raises bare exceptions of many kinds for a damaged or locked folder.
        raise StoreError(f"条款索引打不开：{folder}（{error}）。删除该文件夹后会自动重建。") from error

"""Names of columns: folded, and in Chinese where an engineer wrote English words (`pre_hit`, `human_pass`)."""

import re
from collections.abc import Mapping
from typing import Any

from assist_review.text import fold

_RUN = re.compile(r"(?:[A-Za-z]+\d?|#)(?:[ _./-]+[A-Za-z]+\d?)*[ _.?]*")
_WORD = re.compile(r"[A-Za-z]+\d?|#")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Glossary:
    """The words of `lexicon/glossary.toml`; without them a name is only folded."""

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        self._words: dict[str, str] = dict(lexicon.get("glossary", {}).get("words", {}))

    def name(self, cell: str) -> str:
        """The folded name of a column. A run of words with one that is not known stays as it is."""
        if not self._words or not _WORD.search(cell):
            return fold(cell)
        return fold(_RUN.sub(lambda run: self._chinese(run[0]) or run[0], _CAMEL.sub("_", cell)))

    def _chinese(self, run: str) -> str | None:
        """The words put together, the longest known part of the run first; None where one is not known."""
        words = [w.lower() for w in _WORD.findall(run)]
        said: list[str] = []
        at = 0
        while at < len(words):
            for end in range(len(words), at, -1):
                known = self._words.get("_".join(words[at:end]))
                if known:
                    said.append(known)
                    at = end
                    break
            else:
                return None
        return "".join(said)

"""Text folded for matching that remembers where each character came from."""

from dataclasses import dataclass

from assist_review.text import fold_map


@dataclass(frozen=True, slots=True)
class Key:
    """`raw` folded into `key`; `index[i]` is the position in `raw` of `key[i]`, -1 for text put in front of it.

    White space is dropped as in `text.fold`, except that one space stays between two ASCII letters or digits:
    without it the cells "28 25" of a table read as lines would become one number.
    """

    raw: str
    key: str
    index: tuple[int, ...]

    def quote(self, start: int, end: int) -> str:
        """The wording of `key[start:end]` in `raw`, "" if nothing of it lies there."""
        places = [i for i in self.index[start:end] if i >= 0]
        return self.raw[places[0] : places[-1] + 1].strip().lstrip("，,；;。：:、 ") if places else ""


def keyed(raw: str, before: str = "") -> Key:
    """`raw` as a `Key`; `before` is put in front of the key (a label, already folded) without a place of its own."""
    folded, places = fold_map(raw)
    key: list[str] = list(before)
    index: list[int] = [-1] * len(before)
    previous = -1
    for char, place in zip(folded, places, strict=True):
        if previous >= 0 and place - previous > 1 and _tight(char) and _tight(key[-1]):
            key.append(" ")
            index.append(previous + 1)
        key.append(char)
        index.append(place)
        previous = place
    return Key(raw, "".join(key), tuple(index))


def _tight(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "%")

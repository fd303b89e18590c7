"""Check boxes of forms in folded text: which options are ticked."""

import re

# A box token of forms in folded text: ☑ √ [√] (√) are ticked, □ [] () are not; × is not where something else is ticked.
_BOX = re.compile(r"(?P<on>[☑☒√✓✔■▣●◉🗹]|[\[(][√✓✔☑■vx][\])])|(?P<off>[□☐○◯▢]|\[\]|\(\)|[\[(]?[×✗✘][\])]?)")


def _options(text: str) -> list[tuple[int, int, bool]]:
    """Spans of the options of a folded text with check boxes, and whether each is ticked; [] where there are none."""
    boxes = [(m.start(), m.end(), m.lastgroup == "on") for m in _BOX.finditer(text)]
    if not any(on for *_, on in boxes):
        return []
    if boxes[0][0] > 0 and boxes[-1][1] == len(text) and not text[: boxes[0][0]].endswith((":", "|")):
        starts = [0, *(end for _, end, _ in boxes)]  # the mark stands after its word: 文字√图片×
        return [(a, start, on) for a, (start, _, on) in zip(starts, boxes, strict=False)]
    ends = [*(start for start, *_ in boxes[1:]), len(text)]
    return [(end, until, on) for (_, end, on), until in zip(boxes, ends, strict=True)]


def ticked(text: str) -> str:
    """What is ticked in a folded text with check boxes; the text itself where it has none."""
    options = _options(text)
    return " ".join(text[a:b] for a, b, on in options if on) if options else text


def unticked(text: str, at: int) -> bool:
    """Whether position `at` of a folded cell or paragraph lies in an option that is not ticked (☑是 □否: 否)."""
    return any(a <= at < b and not on for a, b, on in _options(text))

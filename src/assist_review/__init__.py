"""assist-review: drafts the review of a generative-AI service filing, with proof for every statement.

For notebooks and scripts: `review_package`, `read_review`, `save_review`.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from assist_review.review import Review

__version__ = "0.1.0"
__all__ = ["__version__", "read_review", "review_package", "save_review"]


def review_package(
    package: str | Path,
    *,
    as_of: date | str | None = None,
    pack: str = "cn-genai",
    route: str | None = None,
    service: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    passwords: Iterable[str] = (),
    ocr: bool = True,
    jobs: int = 2,
    cache: bool = True,
    model: str | None = None,
    base_url: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> "Review":
    """The draft review of a package (a folder, a ZIP or a single file), as `assist-review check` makes it.

    `as_of` is the day of review, today where it is None; a text is read as YYYY-MM-DD. `route`, `service` and `roles`
    (path of a file to its role) correct what is recognised. `cache` keeps files that were read for the next time.
    `model` is "provider:model"; without one nothing leaves the machine. `progress` hears of stage, done and total.
    Raises AssistReviewError, which says what is wrong and what to do.
    """
    from assist_review import packs
    from assist_review.errors import SettingsError
    from assist_review.llm.asked import Asked, model_choice
    from assist_review.llm.opening import notice, open_model
    from assist_review.pipeline import Wishes, run
    from assist_review.settings import cache_folder

    folder = Path(package)
    if not folder.exists():
        raise SettingsError(f"找不到材料包 {package}")
    try:
        day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of or date.today()
    except ValueError as error:
        raise SettingsError(f"as_of“{as_of}”不是日期，应为 YYYY-MM-DD，例如 2026-11-23") from error
    home = packs.find(pack)
    if route is not None and route not in packs.routes(home):
        raise SettingsError(f"route“{route}”不可用，应为 {' 或 '.join(packs.routes(home))}")
    choice = model_choice(Asked(llm=model, base_url=base_url)) if model is not None else None
    kept = cache_folder() if cache else None
    desk = open_model(choice, kept / "llm" if kept else None) if choice else None
    if desk is not None and not desk.access.local:
        logging.getLogger("assist_review").warning(notice(desk))  # said before anything is sent
    wishes = Wishes(
        route=route,
        service=dict(service or {}),
        roles=dict(roles or {}),
        passwords=tuple(passwords),
        ocr=ocr,
        jobs=jobs,
    )
    return run(
        folder, pack=packs.load(home), as_of=day, wishes=wishes, cache=kept / "files" if kept else None,
        progress=progress, model=desk,
    )  # fmt: skip


def read_review(path: str | Path) -> "Review":
    """The review in a `review.json`. Raises AssistReviewError where the file is none."""
    from assist_review.export.json import read

    return read(Path(path))


def save_review(
    review: "Review", folder: str | Path, *formats: str, audience: Literal["reviewer", "applicant"] = "reviewer"
) -> tuple[Path, ...]:
    """Writes the review as json, html, opinion, notice or xlsx (all where none is named); returns the files."""
    from assist_review import packs
    from assist_review.export import export

    return export(review, packs.load(packs.find(review.pack.id)), Path(folder), *formats, audience=audience)

"""A run as a folder: its manifest, one folder per case, metrics and reports. It can be resumed and compared."""

import hashlib
import json
import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from assist_review import __version__
from assist_review.base import Value
from assist_review.errors import SettingsError
from assist_review.evaluate.cases import SetAside
from assist_review.evaluate.score import Score
from assist_review.evaluate.source import source_sha256
from assist_review.evaluate.work import Outcome
from assist_review.export.json import dumps, read
from assist_review.llm.opening import Choice
from assist_review.llm.prompts import folder as prompts_folder
from assist_review.regulation import Pack
from assist_review.review import PackStamp, Review

_NAMES = {
    "kind": "运行种类", "program": "程序版本", "source_sha256": "源代码", "pack": "规则包", "prompts": "提示词",
    "model": "模型", "settings": "设置",
}  # fmt: skip


class RunManifest(Value):
    """What a run was made with. Two runs with equal `identity` give equal reviews of equal cases."""

    schema_version: Literal["assist-review-run/1"] = "assist-review-run/1"
    name: str
    kind: Literal["evaluate", "batch", "mutate"]
    suites: tuple[str, ...] = ()
    program: str
    source_sha256: str
    pack: PackStamp
    prompts: dict[str, str] = {}
    model: str | None = None
    settings: dict[str, Any] = {}
    python: str = ""
    system: str = ""
    started_at: datetime
    cases: dict[str, str] = {}  # case → sha256 of labels and package
    set_aside: tuple[SetAside, ...] = ()

    @property
    def identity(self) -> dict[str, Any]:
        """Everything that decides a result, cases apart."""
        return self.model_dump(mode="json", include=set(_NAMES))

    def differs(self, other: "RunManifest") -> tuple[str, ...]:
        """What sets two runs apart, in words."""
        mine, theirs = self.identity, other.identity
        return tuple(word for key, word in _NAMES.items() if mine[key] != theirs[key])


def manifest(
    name: str,
    kind: Literal["evaluate", "batch", "mutate"],
    pack: Pack,
    *,
    settings: dict[str, Any],
    suites: tuple[str, ...] = (),
    cases: dict[str, str] | None = None,
    set_aside: tuple[SetAside, ...] = (),
    llm: Choice | None = None,
) -> RunManifest:
    """The manifest of a run that starts now, with this program as it stands on disk."""
    if llm is not None:
        settings = settings | {"llm": {"base_url": llm.base_url, "window": llm.window, "mask": llm.mask}}
    made = RunManifest(
        name=name, kind=kind, suites=suites, program=f"assist-review {__version__}", source_sha256=source_sha256(),
        pack=PackStamp(id=pack.id, version=pack.version, sha256=pack.sha256), prompts=prompt_hashes(), model=llm.name if llm else None,
        settings=settings, python=platform.python_version(), system=platform.platform(terse=True),
        started_at=datetime.now(UTC).replace(microsecond=0), cases=cases or {}, set_aside=set_aside,
    )  # fmt: skip
    if name:
        return made
    mark = hashlib.sha256(json.dumps(made.identity, sort_keys=True).encode()).hexdigest()[:8]
    return made.model_copy(update={"name": "-".join([*(suites or (kind,)), mark])})


def prompt_hashes() -> dict[str, str]:
    """The hash of each prompt file by name; a run without a model speaks none of them, and they are named all the same."""
    home = prompts_folder()
    return {
        p.stem: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(home.glob("*.md")) if p.name != "README.md"
    }


class Run:
    """A run's folder. Every file is written whole or not at all."""

    def __init__(self, folder: Path, manifest: RunManifest) -> None:
        self.folder = folder
        self.manifest = manifest

    @classmethod
    def begin(cls, folder: Path, manifest: RunManifest, *, again: bool = False) -> "Run":
        """The run in `folder`: a new one, or the same one taken up again.

        Raises SettingsError where the folder holds a run made with something else, unless `again` says to redo it.
        """
        if (folder / "manifest.json").is_file():
            old = read_manifest(folder)
            different = old.differs(manifest)
            if different and not again:
                raise SettingsError(
                    f"{folder} 中的结果与这次的{'、'.join(different)}不同，不能接着做；"
                    "请换一个 --name，或用 --again 全部重做"
                )
            kept = {} if different else old.cases
            manifest = manifest.model_copy(update={"cases": {**kept, **manifest.cases}})
            if different or again:
                for path in (folder / "cases").glob("*/done.json"):
                    path.unlink()
        elif folder.exists() and any(folder.iterdir()):
            raise SettingsError(f"{folder} 不是空文件夹，也不是一次运行的结果；请换一个 --name")
        run = cls(folder, manifest)
        run.write("manifest.json", manifest.model_dump_json(indent=1) + "\n")
        return run

    @classmethod
    def open(cls, folder: Path) -> "Run":
        """The run in `folder`, to be read."""
        return cls(folder, read_manifest(folder))

    def finished(self, key: str, sha256: str) -> bool:
        """Whether this case is done, with the very same labels and package."""
        try:
            done = json.loads((self.folder / "cases" / key / "done.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return isinstance(done, dict) and done.get("sha256") == sha256

    def keep(self, outcome: Outcome, sha256: str) -> None:
        """Writes what came of a case; `done.json` last, so that a broken-off write is done again."""
        at = f"cases/{outcome.key}"
        (self.folder / at / "error.json").unlink(missing_ok=True)
        if outcome.review is not None:
            self.write(f"{at}/review.json", dumps(outcome.review))
        if outcome.score is not None:
            self.write(f"{at}/score.json", outcome.score.model_dump_json(indent=1) + "\n")
        if outcome.set_aside:
            problems = [p.model_dump() for p in outcome.problems]
            body = {"case": outcome.key, "suite": outcome.suite, "reason": outcome.set_aside, "problems": problems}
            self.write(f"{at}/error.json", json.dumps(body, ensure_ascii=False, indent=1) + "\n")
            return
        done = {"sha256": sha256, "suite": outcome.suite, "cost": outcome.cost.model_dump()}
        self.write(f"{at}/done.json", json.dumps(done) + "\n")

    def score(self, key: str) -> Score:
        """The score of a finished case."""
        path = self.folder / "cases" / key / "score.json"
        try:
            return Score.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise SettingsError(f"{path} 读不出来：{error}") from error

    def review(self, key: str) -> Review:
        """The review of a finished case."""
        return read(self.folder / "cases" / key / "review.json")

    def scores(self) -> tuple[Score, ...]:
        """The scores of all finished cases, by name."""
        found = sorted(p.parent.name for p in (self.folder / "cases").glob("*/done.json"))
        return tuple(self.score(key) for key in found if (self.folder / "cases" / key / "score.json").is_file())

    def set_aside(self) -> tuple[SetAside, ...]:
        """Cases that gave no result, with the reason."""
        found = list(self.manifest.set_aside)
        for path in sorted((self.folder / "cases").glob("*/error.json")):
            body = json.loads(path.read_text(encoding="utf-8"))
            found.append(SetAside(case=body["case"], suite=body["suite"], reason=body["reason"]))
        return tuple(found)

    def write(self, name: str, text: str) -> Path:
        """Writes a file of the run in one step."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f".{path.name}.{os.getpid()}")
        scratch.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        scratch.replace(path)
        return path


def read_manifest(folder: Path) -> RunManifest:
    """The manifest of the run in `folder`. Raises SettingsError where it is not one."""
    try:
        return RunManifest.model_validate_json((folder / "manifest.json").read_bytes())
    except OSError as error:
        raise SettingsError(f"{folder} 不是一次运行的结果：没有 manifest.json") from error
    except ValidationError as error:
        raise SettingsError(f"{folder / 'manifest.json'} 读不出来：{error.errors()[0]['msg']}") from error


def safe_name(text: str) -> str:
    """`text` as a folder name."""
    return re.sub(r'[\\/:*?"<>|\s]+', "_", text).strip("._") or "package"

"""Reading a package: in children that may die, with a cache, whatever the files are."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from assist_review.errors import ReadError, SettingsError
from assist_review.filing import Document, Unreadable
from assist_review.read import package as packages
from assist_review.read.cache import Cache
from assist_review.read.package import given_roles, read_package
from assist_review.read.pool import Limits, Pool, Task

# A child that behaves as the name of the file says.
CHILD = """
import json, os, sys, time
for number, line in enumerate(sys.stdin):
    file = json.loads(line)["file"]
    if file == "abort" or (file == "second" and number):
        os.abort()
    if file == "hang":
        time.sleep(60)
    if file == "garbage":
        print("{", end="", flush=True)
        os._exit(3)
    print(json.dumps({"pid": os.getpid()}), flush=True)
"""


def read(package: Path, **options: Any) -> tuple[tuple[Document, ...], tuple[tuple[str, Unreadable], ...]]:
    said = {"passwords": (), "ocr": False, "cache": None, "jobs": 1, "progress": None, **options}
    return read_package(package, **said)


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    with Pool(1, command=[sys.executable, str(script)]) as made:
        yield made


def ask(pool: Pool, *files: str, wall_s: float = 20) -> list[dict[str, Any]]:
    answers = sorted(pool.run([Task({"file": file}, wall_s) for file in files]))
    return [answer for _, answer in answers]


class TestPool:
    def test_one_child_reads_many_files(self, pool: Pool) -> None:
        assert len({answer["pid"] for answer in ask(pool, "a", "b", "c")}) == 1

    @pytest.mark.parametrize("file", ["abort", "garbage"])
    def test_a_file_that_ends_its_child_costs_only_itself(self, pool: Pool, file: str) -> None:
        first, second, third = ask(pool, "a", file, "c")
        assert second["kind"] == "damaged"
        assert file in second["reason"]
        assert second["remedy"]
        assert "pid" in first
        assert third["pid"] != first["pid"]

    def test_a_file_that_ends_a_used_child_is_tried_again_alone(self, pool: Pool) -> None:
        first, second = ask(pool, "a", "second")
        assert "pid" in second
        assert second["pid"] != first["pid"]

    def test_a_hanging_file_is_stopped_and_the_rest_goes_on(self, pool: Pool) -> None:
        started = time.monotonic()
        hung, after = ask(pool, "hang", "b", wall_s=1)
        assert time.monotonic() - started < 15
        assert (hung["kind"], "pid" in after) == ("limit", True)

    def test_no_child_is_left_when_the_pool_closes(self, tmp_path: Path) -> None:
        script = tmp_path / "child.py"
        script.write_text(CHILD)
        with Pool(2, command=[sys.executable, str(script)]) as pool:
            pids = [answer["pid"] for answer in ask(pool, "a", "b")]
        assert not any(psutil.pid_exists(pid) for pid in pids)


class TestSandbox:
    def test_memory_is_limited(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_bytes(b"line of text\n" * 4_000_000)
        (tmp_path / "b.txt").write_text("短")
        documents, unread = read(tmp_path, limits=Limits(memory_bytes=400 * 2**20))
        assert [d.file for d in documents] == ["b.txt"]
        assert [(file, problem.kind) for file, problem in unread] == [("a.txt", "limit")]
        assert "内存" in unread[0][1].reason

    @pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are a Unix thing")
    def test_children_end_when_their_parent_is_killed(self, tmp_path: Path) -> None:
        script = tmp_path / "parent.py"
        script.write_text(
            textwrap.dedent(
                """
                import time
                from assist_review.read.pool import Pool, Task
                pool = Pool(1)
                said = {"path": "/nonexistent", "file": "a.txt", "passwords": [], "ocr": False, "depth_left": 1}
                print(list(pool.run([Task(said, 20)]))[0][1]["kind"], pool._children[0]._process.pid, flush=True)
                time.sleep(60)
                """
            )
        )
        home = Path(packages.__file__).resolve().parents[2]
        command = [sys.executable, str(script)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(home)}) as parent:
            assert parent.stdout is not None
            kind, pid = parent.stdout.readline().split()
            assert (kind, psutil.pid_exists(int(pid))) == (b"damaged", True)
            parent.send_signal(signal.SIGKILL)
        deadline = time.monotonic() + 10
        while psutil.pid_exists(int(pid)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not psutil.pid_exists(int(pid)) or psutil.Process(int(pid)).status() == psutil.STATUS_ZOMBIE

    @pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are a Unix thing")
    def test_an_interrupt_leaves_no_child(self, tmp_path: Path) -> None:
        (tmp_path / "child.py").write_text("import os, time\nprint(os.getpid(), file=open('pid', 'w'))\ntime.sleep(60)")
        (tmp_path / "parent.py").write_text(
            textwrap.dedent(
                """
                import signal, sys
                from assist_review.read.pool import Pool, Task
                signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
                with Pool(1, command=[sys.executable, "child.py"]) as pool:
                    list(pool.run([Task({"file": "a"}, 60)]))
                """
            )
        )
        home = Path(packages.__file__).resolve().parents[2]
        environment = {**os.environ, "PYTHONPATH": str(home)}
        command = [sys.executable, "parent.py"]
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as parent:
            deadline = time.monotonic() + 20
            while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
                assert time.monotonic() < deadline
                time.sleep(0.05)
            parent.send_signal(signal.SIGINT)
            assert parent.wait(timeout=15) != 0
        assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))

    def test_secrets_in_the_environment_do_not_reach_children(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "secret")
        script = tmp_path / "child.py"
        script.write_text("import json, os\ninput()\nprint(json.dumps({'key': os.environ.get('OPENAI_API_KEY')}))")
        with Pool(1, command=[sys.executable, str(script)]) as pool:
            assert ask(pool, "a") == [{"key": None}]


class TestPackage:
    def test_every_file_gives_a_document_or_a_reason(self, tmp_path: Path) -> None:
        (tmp_path / "附件").mkdir()
        (tmp_path / "附件" / "b.txt").write_text("乙")
        (tmp_path / "a.txt").write_text("甲")
        (tmp_path / "空.docx").touch()
        (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04broken")
        (tmp_path / ".DS_Store").write_bytes(b"x")
        (tmp_path / "~$a.docx").write_bytes(b"x")
        seen: list[tuple[str, int, int]] = []
        documents, unread = read(tmp_path, progress=lambda *step: seen.append(step))
        assert [d.file for d in documents] == ["a.txt", "附件/b.txt"]
        assert [(file, problem.kind, bool(problem.remedy)) for file, problem in unread] == [
            ("坏.xlsx", "damaged", True),
            ("空.docx", "damaged", True),
        ]
        assert [step[1:] for step in seen] == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def test_equal_files_each_have_a_document(self, tmp_path: Path) -> None:
        for name in ("a.txt", "b.txt"):
            (tmp_path / name).write_text("同")
        documents, _ = read(tmp_path)
        assert [(d.file, d.text) for d in documents] == [("a.txt", "同"), ("b.txt", "同")]

    def test_a_single_file_is_a_package(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("甲")
        assert [d.file for d in read(tmp_path / "a.txt")[0]] == ["a.txt"]

    def test_a_missing_package_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match="找不到"):
            read(tmp_path / "nothing")

    def test_links_in_a_folder_are_told_and_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "link.txt").symlink_to("/etc/hostname")
        documents, unread = read(tmp_path)
        assert (documents, unread[0][0], unread[0][1].kind) == ((), "link.txt", "path")

    def test_files_beyond_the_size_limit_are_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(packages, "MAX_FILE_BYTES", 10)
        (tmp_path / "a.txt").write_text("长" * 10)
        assert read(tmp_path)[1][0][1].kind == "limit"

    def test_a_file_found_twice_in_archives_is_read_under_both_paths(self, tmp_path: Path) -> None:
        for name in ("一.zip", "二.zip"):
            with zipfile.ZipFile(tmp_path / name, "w") as archive:
                archive.writestr(zipfile.ZipInfo("x.txt"), "内容")
        assert [d.file for d in read(tmp_path)[0]] == ["一.zip/x.txt", "二.zip/x.txt"]


class TestCache:
    def test_a_second_reading_starts_no_child(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        package, cache = tmp_path / "package", tmp_path / "cache"
        package.mkdir()
        (package / "a.txt").write_text("甲")
        first, _ = read(package, cache=cache)
        monkeypatch.setattr(subprocess, "Popen", None)
        (package / "a.txt").rename(package / "b.txt")
        second, _ = read(package, cache=cache)
        assert second == (first[0].model_copy(update={"file": "b.txt"}),)

    def test_a_spoilt_entry_is_read_anew(self, tmp_path: Path) -> None:
        package, cache = tmp_path / "package", tmp_path / "cache"
        package.mkdir()
        (package / "a.txt").write_text("甲")
        first, _ = read(package, cache=cache)
        for entry in cache.rglob("*.json"):
            entry.write_text('{"file": 1')
        assert read(package, cache=cache)[0] == first

    def test_other_bytes_options_or_extensions_are_other_entries(self, tmp_path: Path) -> None:
        document = Document(file="", sha256="1", size_bytes=1, format="text").model_dump_json().encode()
        cache = Cache(tmp_path, ocr=True)
        cache.put("1", "a.txt", document)
        assert cache.get("1", "b/c.txt") is not None
        assert cache.get("2", "a.txt") is None
        assert cache.get("1", "a.csv") is None
        assert Cache(tmp_path, ocr=False).get("1", "a.txt") is None


class TestGivenRoles:
    DOCUMENTS = tuple(Document(file=file, sha256="", size_bytes=0, format="text") for file in ("x/a.txt", "b.txt"))

    @pytest.mark.parametrize("name", ["x/a.txt", "a.txt"])
    def test_a_given_role_overrides(self, name: str) -> None:
        first, second = given_roles(self.DOCUMENTS, {name: "report"}, ())
        assert (first.role, first.role_reason, second.role) == ("report", "由使用者指定", "other")

    @pytest.mark.parametrize(("name", "role"), [("a.txt", "rapport"), ("c.txt", "report")])
    def test_unknown_roles_and_files_are_errors(self, name: str, role: str) -> None:
        with pytest.raises(SettingsError, match=r"rapport|c\.txt"):
            given_roles(self.DOCUMENTS, {name: role}, ())

    def test_a_role_for_a_file_that_could_not_be_read_is_no_error(self) -> None:
        problem = Unreadable(kind="damaged", reason="坏")
        assert given_roles(self.DOCUMENTS, {"坏.docx": "report"}, (("坏.docx", problem),)) == self.DOCUMENTS

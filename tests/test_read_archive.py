"""Archives: their members are read under their own names, and what is dangerous is refused and told."""

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from assist_review.errors import DamagedFile, EncryptedFile, LimitExceeded
from assist_review.filing import Document, Unreadable
from assist_review.read import archive as archives
from assist_review.read.archive import Unpacked, is_noise, safe_name, unpack
from assist_review.read.package import read_package


def zipped(members: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def opened(data: bytes, tmp_path: Path, **options: object) -> Unpacked:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    return unpack(path, "a.zip", tmp_path / "out", **options)  # type: ignore[arg-type]


def contents(unpacked: Unpacked) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in unpacked.members}


def read(package: Path, *passwords: str) -> tuple[tuple[Document, ...], tuple[tuple[str, Unreadable], ...]]:
    return read_package(package, passwords=passwords, ocr=False, cache=None, jobs=1, progress=None)


def test_members_keep_their_names_with_slashes(tmp_path: Path) -> None:
    found = opened(zipped([("b/c.txt", "甲".encode()), ("b\\d.txt", b"2"), ("__MACOSX/b/._c.txt", b"x")]), tmp_path)
    assert contents(found) == {"a.zip/b/c.txt": "甲".encode(), "a.zip/b/d.txt": b"2"}
    assert found.problems == ()


def test_members_lie_under_invented_names(tmp_path: Path) -> None:
    found = opened(zipped([("b/c.txt", b"1")]), tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for _, path in found.members] == ["out/0"]


def test_names_in_gbk_are_readable(tmp_path: Path) -> None:
    data = bytearray(zipped([("xxxxxxxxxxxx.docx", b"1")]))
    name = "安全评估报告".encode("gbk")
    assert len(name) == 12
    found = opened(bytes(data.replace(b"xxxxxxxxxxxx", name)), tmp_path)
    assert [n for n, _ in found.members] == ["a.zip/安全评估报告.docx"]


def test_sizes_after_the_data_are_no_obstacle(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    pipe = Pipe()  # cannot seek, so sizes are written behind the data
    with zipfile.ZipFile(pipe, "w") as archive:  # type: ignore[call-overload]
        archive.writestr("c.txt", b"123")
    assert contents(opened(pipe.data, tmp_path)) == {"a.zip/c.txt": b"123"}


@pytest.mark.parametrize("name", ["../x.txt", "/etc/x.txt", "b/../../x.txt", "..\\x.txt", "C:\\x.txt"])
def test_names_that_climb_out_are_told_and_not_used(name: str, tmp_path: Path) -> None:
    found = opened(zipped([(name, b"1"), ("ok.txt", b"2")]), tmp_path)
    assert list(contents(found)) == ["a.zip/ok.txt"]
    assert [(file, problem.kind) for file, problem in found.problems] == [("a.zip", "path")]
    assert safe_name(name) is None


def test_links_are_told_and_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    found = opened(made.getvalue(), tmp_path)
    assert (found.members, found.problems[0][1].kind) == ((), "path")


def test_a_bomb_costs_its_member_only(tmp_path: Path) -> None:
    found = opened(zipped([("bomb.bin", bytes(30 * 2**20)), ("ok.txt", b"1")]), tmp_path)
    assert list(contents(found)) == ["a.zip/ok.txt"]
    assert [(file, problem.kind) for file, problem in found.problems] == [("a.zip/bomb.bin", "limit")]
    assert "压缩炸弹" in found.problems[0][1].reason


def test_small_members_may_be_packed_tightly(tmp_path: Path) -> None:
    assert opened(zipped([("zero.txt", bytes(2**20))]), tmp_path).problems == ()


def test_total_size_is_limited(tmp_path: Path) -> None:
    data = zipped([(f"{i}.bin", bytes(range(256)) * 4000) for i in range(4)])
    with pytest.raises(LimitExceeded, match="解压后超过"):
        opened(data, tmp_path, max_bytes=3_000_000)


def test_sizes_that_lie_do_not_help(tmp_path: Path) -> None:
    data = bytearray(zipped([("bomb.bin", bytes(30 * 2**20))]))
    central = data.rfind(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 10)  # says it unpacks to ten bytes
    found = opened(bytes(data), tmp_path)
    assert sum(len(content) for content in contents(found).values()) <= 10


def test_number_of_members_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    with pytest.raises(LimitExceeded, match="4个文件"):
        opened(zipped([(f"{i}.txt", b"1") for i in range(4)]), tmp_path)


def test_a_broken_archive_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile):
        opened(zipped([("a.txt", b"1" * 1000)])[:40], tmp_path)


def test_a_broken_member_costs_itself_only(tmp_path: Path) -> None:
    data = zipped([("b.txt", b"unique-content"), ("ok.txt", b"1")], zipfile.ZIP_STORED).replace(
        b"unique-content", b"unique-CONTENT", 1
    )
    found = opened(data, tmp_path)
    assert list(contents(found)) == ["a.zip/ok.txt"]
    assert [(file, problem.kind) for file, problem in found.problems] == [("a.zip/b.txt", "damaged")]


def encrypted_zip(password: bytes, name: bytes, content: bytes) -> bytes:
    """A ZIP in the traditional encryption, which the standard library reads but does not write."""
    from zlib import crc32

    keys = [0x12345678, 0x23456789, 0x34567890]
    table = [crc32(bytes([i]), 0xFFFFFFFF) ^ 0xFFFFFFFF for i in range(256)]

    def step(keys: list[int], byte: int) -> None:
        keys[0] = (keys[0] >> 8) ^ table[(keys[0] ^ byte) & 0xFF]
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = (keys[2] >> 8) ^ table[(keys[2] ^ (keys[1] >> 24)) & 0xFF]

    for byte in password:
        step(keys, byte)
    crc = crc32(content)
    out = bytearray()
    for byte in bytes(11) + bytes([crc >> 24]) + content:
        k = keys[2] | 2
        out.append(byte ^ (((k * (k ^ 1)) >> 8) & 0xFF))
        step(keys, byte)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 1, 0, 0, 33, crc, len(out), len(content), len(name), 0)
    central = struct.pack(
        "<4sHHHHHHIIIHHHHHII",
        b"PK\x01\x02",
        20,
        20,
        1,
        0,
        0,
        33,
        crc,
        len(out),
        len(content),
        len(name),
        0,
        0,
        0,
        0,
        0,
        0,
    )
    at = len(local) + len(name) + len(out)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central) + len(name), at, 0)
    return local + name + bytes(out) + central + name + end


def test_passwords_are_tried_on_encrypted_archives(tmp_path: Path) -> None:
    data = encrypted_zip("备案".encode(), b"a.txt", b"secret text")
    assert contents(opened(data, tmp_path, passwords=("错", "备案"))) == {"a.zip/a.txt": b"secret text"}
    with pytest.raises(EncryptedFile, match="都不正确"):
        opened(data, tmp_path, passwords=("错",))
    with pytest.raises(EncryptedFile, match="需要密码") as caught:
        opened(data, tmp_path)
    assert "去除密码" in caught.value.remedy


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_archives_are_read_and_their_links_told(mode: str, tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo("b/c.txt")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"123"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    found = opened(made.getvalue(), tmp_path)
    assert contents(found) == {"a.zip/b/c.txt": b"123"}
    assert [problem.kind for _, problem in found.problems] == ["path"]


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded):
        opened(gzip.compress(bytes(60 * 2**20)), tmp_path)


def test_a_single_gzipped_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "词.txt.gz").write_bytes(gzip.compress("关键词".encode()))
    found = unpack(tmp_path / "词.txt.gz", "附件/词.txt.gz", tmp_path / "out")
    assert contents(found) == {"附件/词.txt.gz/词.txt": "关键词".encode()}


def test_archives_in_archives_are_read_to_the_third_depth(tmp_path: Path) -> None:
    data = zipped([("深.txt", "内容".encode())])
    for depth in range(3, 0, -1):
        data = zipped([(f"{depth}.zip", data), (f"{depth}.txt", f"第{depth}层".encode())])
    package = tmp_path / "package"
    package.mkdir()
    (package / "材料.zip").write_bytes(data)
    documents, unread = read(package)
    assert [(d.file, d.text) for d in documents] == [
        ("材料.zip/1.txt", "第1层"), ("材料.zip/1.zip/2.txt", "第2层"), ("材料.zip/1.zip/2.zip/3.txt", "第3层"),
    ]  # fmt: skip
    assert [(file, problem.kind) for file, problem in unread] == [("材料.zip/1.zip/2.zip/3.zip", "limit")]


def test_an_archive_given_as_the_package_leaves_its_name_out_of_paths(tmp_path: Path) -> None:
    (tmp_path / "材料.zip").write_bytes(
        zipped([("附件/a.txt", b"1"), ("内.zip", zipped([("b.txt", b"2"), ("../c.txt", b"")]))])
    )
    documents, unread = read(tmp_path / "材料.zip")
    assert [d.file for d in documents] == ["内.zip/b.txt", "附件/a.txt"]
    assert [file for file, _ in unread] == ["内.zip"]


@pytest.mark.parametrize(
    "name", [".DS_Store", "a/Thumbs.db", "~$报告.docx", "__MACOSX/a.txt", "a/.git/config", "desktop.ini"]
)
def test_leftovers_of_programs_are_noise(name: str) -> None:
    assert is_noise(name)


@pytest.mark.parametrize("name", ["报告.docx", "a/词.xlsx", "a.b/c.txt"])
def test_files_of_the_applicant_are_not(name: str) -> None:
    assert not is_noise(name)

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chezmoi_llm.world import files
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.streams import read_bytes

OLD, NEW = b"old\n", b"new\n"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


def write(path, data=NEW, **options):
    return files.replace(str(path), data, inside=str(options.pop("inside", path.parent)), **options)


def names(folder):
    return sorted(path.name for path in folder.rglob("*") if not path.is_dir())


def socket_at(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def sparse_at(path):
    path.touch()
    os.truncate(path, files.LARGEST + 1)


NO_FILES = [
    pytest.param(os.mkfifo, "it is no regular file", id="pipe"),
    pytest.param(socket_at, "it is no regular file", id="socket"),
    pytest.param(lambda path: path.symlink_to("/dev/zero"), "it is no regular file", id="device"),
    pytest.param(lambda path: path.mkdir(), "Is a directory", id="folder"),
    pytest.param(sparse_at, "it has 268435457 bytes, the limit is 268435456", id="too large"),
    pytest.param(lambda path: path.symlink_to(path), "Too many levels of symbolic links", id="loop"),
]


@pytest.mark.parametrize(("make", "said"), NO_FILES)
def test_what_is_no_file_is_refused_at_once(folder, monkeypatch, make, said):
    monkeypatch.chdir(folder)  # the path of a socket may not be long
    make(Path("odd"))
    with pytest.raises(OSError, match="odd") as caught:
        files.read("odd")
    assert (caught.value.strerror, caught.value.filename) == (said, "odd")
    with pytest.raises(CouldNotRunError, match=f"^odd: {said}$"):
        read_bytes("odd")


def test_a_file_that_is_missing():
    assert files.read("/nowhere/file") is None
    with pytest.raises(CouldNotRunError, match=r"^/nowhere/file: No such file or directory$"):
        read_bytes("/nowhere/file")


@pytest.mark.parametrize("lasting", [True, False], ids=["lasting", "not lasting"])
def test_a_file_is_written_only_if_its_bytes_change(folder, lasting):
    file = folder / "llm.json"
    assert write(file, lasting=lasting) is True
    before = file.stat()
    assert write(file, lasting=lasting) is False
    after = file.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert write(file, OLD, lasting=lasting) is True
    assert file.read_bytes() == OLD
    assert names(folder) == ["llm.json"]


def test_the_folder_is_made(folder):
    write(folder / ".chezmoidata/llm.json", inside=folder)
    assert (folder / ".chezmoidata/llm.json").read_bytes() == NEW


@pytest.mark.parametrize(
    ("umask", "mode", "expected"),
    [(0o022, 0o644, 0o644), (0o077, 0o644, 0o600), (0o000, 0o644, 0o644), (0o022, 0o600, 0o600)],
    ids=["usual", "private", "none", "asked to be private"],
)
def test_a_new_file_has_its_mode_without_the_umask(folder, umask, mode, expected):
    before = os.umask(umask)
    try:
        write(folder / "llm.json", mode=mode)
    finally:
        os.umask(before)
    assert (folder / "llm.json").stat().st_mode & 0o777 == expected


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o444])
def test_the_mode_of_an_old_file_is_kept(folder, mode):
    file = folder / "llm.json"
    file.write_bytes(OLD)
    file.chmod(mode)
    write(file)
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (NEW, mode)


def test_a_symlink_is_followed_inside(folder):
    (folder / "real.json").write_bytes(OLD)
    (folder / "llm.json").symlink_to("real.json")
    write(folder / "llm.json")
    assert (folder / "llm.json").is_symlink()
    assert (folder / "real.json").read_bytes() == NEW


@pytest.mark.parametrize("link", ["llm.json", ".chezmoidata"])
def test_a_symlink_that_leads_out_is_refused(folder, tmp_path, link):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "llm.json").write_bytes(OLD)
    target = outside if link == ".chezmoidata" else outside / "llm.json"
    (folder / link).symlink_to(target)
    path = folder / link / "llm.json" if link == ".chezmoidata" else folder / link
    with pytest.raises(PermissionError, match=f"leads to {outside / 'llm.json'}, outside of {folder}"):
        write(path, inside=folder)
    assert (outside / "llm.json").read_bytes() == OLD


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_no_file_is_refused(folder, make):
    make(folder / "llm.json")
    with pytest.raises(PermissionError, match=r"llm\.json is no regular file"):
        write(folder / "llm.json")
    assert names(folder) in (["llm.json"], [])


def test_what_a_killed_run_left_is_removed_when_it_is_old(folder):
    old, new = ".llm.json.0123456789ab", ".llm.json.ba9876543210"
    others = [".llm.json.txt", ".other.json.0123456789ab", "llm.json.0123456789ab"]
    for name in (old, new, *others):
        (folder / name).write_bytes(OLD)
    long_ago = time.time() - files.STALE_SECONDS - 1
    for name in (old, *others):
        os.utime(folder / name, (long_ago, long_ago))
    write(folder / "llm.json")
    assert names(folder) == sorted([new, *others, "llm.json"])


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
def test_a_failure_at_any_step_leaves_the_old_file_and_nothing_else(folder, monkeypatch, call):
    file = folder / "llm.json"
    file.write_bytes(OLD)

    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, call, fail)
    with pytest.raises(OSError, match="No space left on device") as caught:
        write(file)
    assert caught.value.filename == str(file)
    assert (file.read_bytes(), names(folder)) == (OLD, ["llm.json"])


def test_a_full_disk_leaves_the_old_file_and_nothing_else(folder):
    file = folder / "llm.json"
    file.write_bytes(OLD)
    program = (
        "import resource, sys; from chezmoi_llm.world import files\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: files.replace(sys.argv[1], b'x' * 100000, inside=sys.argv[2])\n"
        "except OSError as error: print(error)\n"
    )
    done = python(program, file, folder)
    assert done.stdout == f"[Errno 27] File too large: '{file}'\n"
    assert (file.read_bytes(), names(folder)) == (OLD, ["llm.json"])


def test_a_folder_that_cannot_be_written_is_named(folder):
    file = folder / "llm.json"
    file.write_bytes(OLD)
    program = (
        "import sys; from chezmoi_llm.world import files\n"
        "try: files.replace(sys.argv[1], b'new', inside=sys.argv[2])\n"
        "except OSError as error: print(error.filename, error.strerror)\n"
    )
    done = python(program, file, folder, read_only=folder)
    assert done.stdout in {f"{file} Read-only file system\n", f"{file} Permission denied\n"}
    assert (file.read_bytes(), names(folder)) == (OLD, ["llm.json"])


def test_a_killed_writer_leaves_a_whole_file(folder):
    file = folder / "llm.json"
    whole = [letter * 300_000 for letter in (b"a", b"b")]
    file.write_bytes(whole[0])
    program = (
        "import sys; from chezmoi_llm.world import files\n"
        "print(flush=True)\n"
        "while True:\n"
        "    for letter in (b'b', b'a'): files.replace(sys.argv[1], letter * 300_000, inside=sys.argv[2])\n"
    )
    for round_ in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", program, file, folder], stdout=subprocess.PIPE
        ) as writer:
            writer.stdout.readline()
            time.sleep(0.001 + 0.0027 * round_)
            assert file.read_bytes() in whole
            writer.send_signal(signal.SIGKILL)
        assert file.read_bytes() in whole
    assert all(name == "llm.json" or name.startswith(".llm.json.") for name in names(folder))


def python(program, *arguments, read_only=None):
    """Run a program; for root, who may write anywhere, a folder is read-only by a mount of its own."""
    command = [sys.executable, "-c", program, *arguments]
    if read_only and os.geteuid() == 0:
        mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
        command = ["unshare", "-m", "sh", "-c", mount, read_only, *command]
        if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
            pytest.skip("this root may not mount")
    elif read_only:
        read_only.chmod(0o555)
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True)
    finally:
        if read_only:
            read_only.chmod(0o755)

"""Values that are too large for a frame travel as files of the exchange folder, which the host names in `initialize`.

A file is written under a name that no reference can have, renamed, and only then named in a frame: from then on it
belongs to whoever reads that frame, who checks it, takes it and removes it.
"""

from __future__ import annotations

import os
import stat

from ._errors import WireError
from ._text import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_FILE_BYTES = 256 * 1024 * 1024
INLINE_BYTES = 256 * 1024
JSON_MEDIA = "application/json"
BYTES_MEDIA = "application/octet-stream"
_LONGEST_NAME = 255
_NAME_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class BadFile(Exception):
    """A reference names no file that may be taken."""


class Exchange:
    """The exchange folder of a host, as one plugin sees it. Its own files are in the folder of its session."""

    def __init__(self, folder: str, session: str, limits: dict[str, Any]) -> None:
        self.folder = folder
        self.inline_bytes = _size(limits.get("inline_bytes"), INLINE_BYTES)
        self.max_file_bytes = _size(limits.get("max_file_bytes"), MAX_FILE_BYTES)
        self._session = session
        _keep_memory_for_large_values()

    def write(self, content: Any, media: str, place: str | None = None, suffix: str = "") -> dict[str, Any]:
        """Write a new file and describe it. Raises OSError; nothing is left behind then."""
        parts = memoryview(content).cast("B")
        name = f"{place or self._session}/{os.urandom(16).hex()}{suffix}"
        path = self.path_of(name)
        folder, base = os.path.split(path)
        draft = os.path.join(folder, f".{base}")
        try:
            _write_all(draft, parts)
            os.rename(draft, path)
        except BaseException:
            _remove(draft)
            raise
        return {"$file": name, "bytes": len(parts), "sha256": _sha256(parts), "media": media}

    def adopt(self, source: str, media: str, place: str, suffix: str) -> dict[str, Any]:
        """Move a file of somebody here, and describe it. Raises OSError."""
        name = f"{place}/{os.urandom(16).hex()}{suffix}"
        path = self.path_of(name)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        draft = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}")
        try:
            _move(source, draft)
            os.chmod(draft, 0o600)
            size, digest = _sum_of(draft)
            os.rename(draft, path)
        except BaseException:
            _remove(draft)
            raise
        return {"$file": name, "bytes": size, "sha256": digest, "media": media}

    def path_of(self, name: Any) -> str:
        """Where a reference points to. Raises BadFile for a name that could lead out of the folder."""
        if not _is_name(name):
            raise BadFile(f"{name!r:.100} is no name of a file below the exchange folder")
        return os.path.join(self.folder, *name.split("/"))

    def take(self, reference: dict[str, Any], budget: int) -> bytes:
        """The content of a file, which is removed. Raises BadFile."""
        content = self.read(reference, budget)
        self.remove(reference["$file"])
        return content

    def read(self, reference: dict[str, Any], budget: int) -> bytes:
        """The checked content of a file. Raises BadFile."""
        size, digest = reference.get("bytes"), reference.get("sha256")
        if type(size) is not int or type(digest) is not str:
            raise BadFile("it says neither how large the file is nor its sha256")
        if size > budget:
            raise BadFile(f"its {size} bytes are more than the {budget} that one message may bring")
        path = self.path_of(reference["$file"])
        descriptor = self._open(path)
        try:
            content = _read_exactly(descriptor, size)
        except OSError as error:
            raise BadFile(f"{path} cannot be read: {error.strerror}") from None
        finally:
            os.close(descriptor)
        if _sha256(content) != digest:
            raise BadFile(f"{path} does not have the sha256 that is said")
        return content

    def remove(self, name: str) -> None:
        """Remove a file. One that cannot be removed goes with the whole folder."""
        _remove(self.path_of(name))

    def check(self, path: str, size: Any) -> None:
        """Whether `path` is a regular file of the folder, of this size. Raises BadFile."""
        descriptor = self._open(path)
        try:
            found = os.fstat(descriptor).st_size
        finally:
            os.close(descriptor)
        if found != size:
            raise BadFile(f"{path} has {found} bytes instead of {size}")

    def _open(self, path: str) -> int:
        """A descriptor of a regular file inside the folder: no link is followed, and no pipe waited for."""
        try:
            descriptor = os.open(path, _READ)
        except OSError as error:
            raise BadFile(f"{path} cannot be opened: {error.strerror}") from None
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise BadFile(f"{path} is no regular file")
            self._confine(path, found)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _confine(self, path: str, found: os.stat_result) -> None:
        """The file that was opened must be the one that the real path names, inside the real folder."""
        real, root = os.path.realpath(path), os.path.realpath(self.folder)
        try:
            same = os.path.samestat(os.stat(real), found)
        except OSError:
            same = False
        if not same or not real.startswith(root + os.sep):
            raise BadFile(f"{path} leads out of the exchange folder")


def unwritable(what: str, error: OSError) -> WireError:
    """The answer when a value cannot be written into the exchange folder."""
    message = f"{what} could not be written into the exchange folder: {error.strerror or error}"
    return WireError("resource_exhausted", message, hint="free some space, or return less and write it to a file")


def json_bytes(value: Any) -> bytes:
    """The content of a JSON file."""
    return dumps(value).encode("ascii")


def _keep_memory_for_large_values() -> None:
    """Large values come and go with every call. The GNU allocator would hand the memory of each back to the system, and
    fetch it again page by page, which takes longer than parsing; but it keeps as much as it has once seen being freed.
    """
    bytes(16 * 1024 * 1024)  # never touched: it costs no memory by itself


def _size(said: Any, default: int) -> int:
    return said if type(said) is int and said > 0 else default


def _is_name(name: Any) -> bool:
    if type(name) is not str or len(name) > _LONGEST_NAME:
        return False
    return all(segment and segment[0] != "." and _NAME_CHARACTERS.issuperset(segment) for segment in name.split("/"))


def _write_all(path: str, content: memoryview) -> None:
    try:
        descriptor = os.open(path, _CREATE, 0o600)
    except FileNotFoundError:  # mostly the folder is there already
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        descriptor = os.open(path, _CREATE, 0o600)
    try:
        while content:
            content = content[os.write(descriptor, content) :]
    finally:
        os.close(descriptor)


def _read_exactly(descriptor: int, size: int) -> bytes:
    found = os.fstat(descriptor).st_size
    if found != size:
        raise BadFile(f"the file has {found} bytes instead of {size}")
    parts = [os.read(descriptor, size)]  # mostly all of it, without another copy
    while sum(map(len, parts)) < size:
        part = os.read(descriptor, size)
        if not part:
            raise BadFile(f"the file ended after {sum(map(len, parts))} of {size} bytes")
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _sha256(content: Any) -> str:
    import hashlib  # only here: it costs more than the rest of the runtime

    return hashlib.sha256(content).hexdigest()


def _move(source: str, target: str) -> None:
    if os.path.islink(source) or not os.path.isfile(source):
        raise OSError(f"{source} is no regular file")
    try:
        os.rename(source, target)
    except OSError:  # on another file system
        import shutil

        shutil.copyfile(source, target)
        os.unlink(source)


def _sum_of(path: str) -> tuple[int, str]:
    import hashlib

    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as file:
        while True:
            part = file.read(1 << 20)
            if not part:
                return size, digest.hexdigest()
            digest.update(part)
            size += len(part)


def run_place(run_id: str) -> str:
    """The folder of a run below the exchange folder."""
    plain = bool(run_id) and len(run_id) <= 80 and run_id[0] != "." and _NAME_CHARACTERS.issuperset(run_id)
    return f"runs/{run_id if plain else run_id.encode('utf-8', 'replace').hex()[:160]}"


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass  # the host removes the whole folder at the end

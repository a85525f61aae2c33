"""What stands on disk, and small damage to it."""

from __future__ import annotations

from pathlib import Path


def bytes_of(root: Path) -> dict[str, bytes]:
    """Content of every file below a directory, by path."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def flip_a_bit(path: Path, at: bytes | None = None) -> None:
    """Change one bit in the middle of a file, or where some bytes stand, as a bad disk would."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if at is None else content.index(at)] ^= 0x10
    path.write_bytes(content)

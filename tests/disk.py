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


def flip_a_bit(path: Path) -> None:
    """Change one bit in the middle of a file, as a failing disk would."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)

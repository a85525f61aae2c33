"""
Imports trees of markdown files and compares what comes out with an independent reading.

    python benchmarks/markdown_trees.py DATA

DATA holds trees packed as `*/markdown-*.tar.gz`. Titles are read again with PyYAML and
markdown-it; code blocks, fenced and indented, are the tokens of markdown-it in the source,
and each must be found in the plain text that is made of the article.
"""

from __future__ import annotations

import argparse
import re
import tarfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kbsearch.importers.building import Imported
from kbsearch.importers.files.markdown import MarkdownImporter
from kbsearch.importers.places import Skipped
from kbsearch.models import Article, clean_characters
from kbsearch.text import to_plain_text

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_CODE = ("fence", "code_block")
_SUFFIXES = {".md", ".markdown", ".mdx"}


class SourceFile(NamedTuple):
    """What an independent reader finds in one file: its title, and its code blocks by kind."""

    title: str
    code_blocks: list[tuple[str, str]]


def read_file(content: bytes) -> SourceFile:
    """Title of the front matter, else of the first heading; code blocks that hold something."""
    text = content.decode("utf-8-sig").replace("\r\n", "\n")
    found = _FRONT_MATTER.match(text)
    keys = yaml.safe_load(found[1]) if found else {}
    tokens = _PARSER.parse(text[found.end() :] if found else text)
    title = str(keys["title"]) if keys.get("title") else _first_heading(tokens)
    blocks = [(token.type, token.content) for token in tokens if token.type in _CODE]
    return SourceFile(title, [(kind, code) for kind, code in blocks if code.strip()])


def _first_heading(tokens: list[Token]) -> str:
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            shown = (t.content for t in inline.children or () if t.type in ("text", "code_inline"))
            return "".join(shown)
    return ""


def read_archive(archive: Path) -> dict[str, SourceFile]:
    """The markdown files of an archive by name."""
    files = {}
    with tarfile.open(archive) as packed:
        for member in packed:
            content = packed.extractfile(member) if member.isfile() else None
            if content is not None and Path(member.name).suffix in _SUFFIXES:
                files[member.name] = read_file(content.read())
    return files


def measure(archive: Path) -> Counter[str]:
    """Count what one tree gives; problems and titles that differ are printed."""
    files = read_archive(archive)
    counts = Counter(files=len(files))
    for item in MarkdownImporter({"audience": "internal"}).read(archive):
        if not isinstance(item, Imported):
            counts["skipped" if isinstance(item, Skipped) else "problems"] += 1
            print(f"  {item.place}: {item.reason}")
            continue
        counts["articles"] += 1
        counts["warnings"] += len(item.warnings)
        assert isinstance(item.document, Article)
        source = files[item.place.file]
        if item.document.title == source.title:
            counts["titles"] += 1
        else:
            print(f"  {item.place}: {item.document.title!r}, not {source.title!r}")
        plain = to_plain_text(item.document.body, item.document.format)
        for kind, code in source.code_blocks:
            counts[kind] += 1
            counts[f"{kind} intact"] += _stored(code) in plain
    return counts


def _stored(code: str) -> str:
    """Code as every text is stored: without trailing blanks and runs of blank lines."""
    lines = (line.rstrip(" \t") for line in clean_characters(code).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def report(counts: Counter[str]) -> str:
    """One line of figures."""
    return (
        f"{counts['files']} files: {counts['articles']} articles, {counts['skipped']} skipped, "
        f"{counts['problems']} problems, {counts['warnings']} warnings; "
        f"titles right {counts['titles']}/{counts['articles']}; code blocks intact: "
        f"fenced {counts['fence intact']}/{counts['fence']}, "
        f"indented {counts['code_block intact']}/{counts['code_block']}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with */markdown-*.tar.gz")
    total: Counter[str] = Counter()
    for archive in sorted(parser.parse_args().data.glob("*/markdown-*.tar.gz")):
        counts = measure(archive)
        print(f"{archive.name}: {report(counts)}")
        total += counts
    print(f"together: {report(total)}")


if __name__ == "__main__":
    main()

"""What benchmarks over data sets are asked with: the same words everywhere."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.caching import CachingEmbedder
from kbsearch.config import DType
from kbsearch.embed import SentenceTransformerEmbedder

MODEL = "all-MiniLM-L6-v2"


def data_parser(
    doc: str | None, *, needs_data: bool = True, is_one_set: bool = False
) -> argparse.ArgumentParser:
    """For a benchmark with this docstring; its own arguments are added by itself."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    nargs = None if needs_data else "?"
    told = "folder of one data set" if is_one_set else "folder of data sets"
    parser.add_argument("data", type=Path, nargs=nargs, help=told)
    if not is_one_set:
        parser.add_argument("--only", nargs="+", metavar="SET", help="names of sets")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(__file__).parent / "work",
        metavar="FOLDER",
        help="where vectors are kept from run to run",
    )
    parser.add_argument("--model", default=MODEL, help="name or path")
    parser.add_argument("--dtype", default="float32", choices=[each.value for each in DType])
    return parser


def parsed(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """The arguments, with a folder of data that exists and one to work in."""
    arguments = parser.parse_args()
    if arguments.data is not None and not arguments.data.is_dir():
        parser.error(f"{arguments.data} is no folder")
    arguments.work.mkdir(parents=True, exist_ok=True)
    return arguments


def make_embedder(arguments: argparse.Namespace) -> CachingEmbedder:
    """The model that was asked for; its vectors are kept in the work folder."""
    return CachingEmbedder(
        SentenceTransformerEmbedder(arguments.model, dtype=arguments.dtype),
        arguments.work / "vectors.sqlite",
        tell=tell,
    )


def tell(message: str) -> None:
    """To people who wait; tables alone go to standard output."""
    print(f"  {message}", file=sys.stderr, flush=True)

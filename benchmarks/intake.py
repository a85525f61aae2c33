"""
Tickets a second through parsing, redaction and cleaning, before anything is embedded.

`python benchmarks/intake.py [--tickets 5000]` prints each step's share and whether the
time grows with the number of tickets alone. One process, one thread.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

from kbsearch.config import RedactionSettings
from kbsearch.importers import Imported, find_importer
from kbsearch.indexing.faces import face_for
from kbsearch.intake.plan import DOCUMENTS_PER_PIECE
from kbsearch.models import Audience, Document, Ticket
from kbsearch.redact.policy import RedactionPolicy
from kbsearch.text import Cleaner

PROBLEMS = (
    "the badge reader at the east gate blinks red and nobody can enter",
    "exporting the quarterly figures stops at page three with error 0x80070005",
    "my screen stays black after the docking station was replaced",
    "the invoice mailer sends every message twice since the update to 7.4.2",
    "VPN drops each time the laptop wakes up, the client says ERR_TUNNEL_LOST",
)
STEPS = (
    "We looked at the event log and saw that the service had lost its licence file.",
    "Please restart the spooler, remove the stale job and print the test page again.",
    "I have moved your account to the other cluster; sign out and in once.",
    "That did not help, the same message appears after a few minutes of work.",
)
READERS = ((Audience.INTERNAL, "staff"), (Audience.EXTERNAL, "customers"))
NAMES = ("Mira Okafor", "Jonas Ekwall", "Tamsin Vale", "Rui Pardal", "Ilse Brandner")


def ticket(number: int, rng: random.Random) -> dict[str, object]:
    """One ticket in the shape of a Zendesk export: four mails, quoted and signed."""
    name, other = rng.sample(NAMES, 2)
    mail = name.lower().replace(" ", ".") + "@brightwater.example"
    said = [f"Hello,\n\n{rng.choice(PROBLEMS)}. It began on {rng.randint(1, 28)} May.\n"]
    comments = []
    for turn in range(4):
        quoted = "\n".join("> " + line for line in said[-1].splitlines())
        body = f"{rng.choice(STEPS)}\n{rng.choice(STEPS)}\n" * rng.randint(1, 2)
        if turn == 0:
            body = said[0]
        if turn == 2:
            body += f"Call me at +49 30 901820 or write to {mail}. My password is Tide-{number}!\n"
        signed = f"\nBest regards\n{name if turn % 2 else other}\nBrightwater Ltd, Quay 7\n"
        text = body + signed + f"\nOn Monday, {other} <{mail}> wrote:\n{quoted}\n"
        said.append(body)
        html = "<p>" + text.replace("\n", "<br>\n") + "</p>" if turn == 3 else ""
        comments.append(
            {
                "id": number * 10 + turn,
                "author_id": 100 + turn % 2,
                "public": turn != 1,
                "plain_body": "" if html else text,
                "html_body": html,
                "created_at": f"2025-03-{turn + 1:02}T08:00:00Z",
            }
        )
    return {
        "id": number,
        "subject": rng.choice(PROBLEMS)[:50],
        "status": "solved",
        "is_public": True,
        "requester_id": 100,
        "created_at": "2025-03-01T08:00:00Z",
        "comments": comments,
    }


def write_export(path: Path, n_tickets: int) -> int:
    """JSON lines; returns their size in bytes."""
    rng = random.Random(7)
    with path.open("w", encoding="utf-8") as file:
        for number in range(1, n_tickets + 1):
            file.write(json.dumps(ticket(number, rng)) + "\n")
    return path.stat().st_size


def timed(work: Callable[[], object]) -> float:
    """Seconds of one processor core."""
    start = process_time()
    work()
    return process_time() - start


def measure(path: Path) -> dict[str, float]:
    """Seconds of each step over a whole export; `*, customers` are those of a published ticket."""
    importer = find_importer("zendesk")()
    policy, cleaner = RedactionPolicy(RedactionSettings()), Cleaner()
    documents: list[Document] = []
    seconds: dict[str, float] = {}

    def parse() -> None:
        found = (item.document for item in importer.read(path) if isinstance(item, Imported))
        documents.extend(each.model_copy(update={"published": True}) for each in found)

    def redact(piece: list[Document], audience: Audience) -> list[Document]:
        faces = []
        for document in piece:
            face = face_for(document, audience)
            if face is not None and isinstance(document, Ticket):
                redacted = policy.redact(face, audience, people=document.people)
                faces.append(redacted.document)
        return faces

    seconds["parse"] = timed(parse)
    for start in range(0, len(documents), DOCUMENTS_PER_PIECE):
        piece = documents[start : start + DOCUMENTS_PER_PIECE]
        faces: dict[Audience, list[Document]] = {}
        for audience, readers in READERS:  # in this order, as an import does it
            began = process_time()
            faces[audience] = redact(piece, audience)
            name = f"redact, {readers}"
            seconds[name] = seconds.get(name, 0) + process_time() - began
        for audience, readers in READERS:
            began = process_time()
            for face in faces[audience]:
                cleaner.document(face)
            name = f"clean, {readers}"
            seconds[name] = seconds.get(name, 0) + process_time() - began
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=5000)
    n_most = parser.parse_args().tickets
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tickets.jsonl"
        write_export(path, 50)
        measure(path)  # what is compiled at its first use
        print(
            f"{'tickets':>8} {'MB':>6} {'tickets/s':>10} {'if published':>13}  share of each step"
        )
        for n_tickets in (n_most // 5, n_most):
            size = write_export(path, n_tickets) / 1e6
            steps = measure(path)
            published = sum(steps.values())
            total = sum(each for name, each in steps.items() if "customers" not in name)
            rates = f"{n_tickets / total:10,.0f} {n_tickets / published:13,.0f}"
            shares = ", ".join(f"{name} {each / published:.0%}" for name, each in steps.items())
            print(f"{n_tickets:8,} {size:6.1f} {rates}  {shares}")


if __name__ == "__main__":
    main()

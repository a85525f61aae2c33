"""Nothing that is redacted is embedded, indexed or stored: seen from the desk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kbsearch import Audience, KnowledgeBase, Person, Resolution, Settings
from kbsearch.arrays import Float32
from kbsearch.config import RedactionSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.errors import EmbedderMismatchError
from kbsearch.models import Redaction, TextFormat
from kbsearch.redact import Finding
from tests.builders import agent_says, article, customer_says, ticket

INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL
TOKEN = "ghp_" + "Zk4mT9wQ2xLp7RvB8sNd3YcF6hJg1AuE0oKi"
PASSWORD = "Tide-4711-Mole!"
MAIL = "mira.okafor@quayside.example"
IBAN = "DE89 3704 0044 0532 0130 00"
SECRETS = (TOKEN, PASSWORD)
PERSONAL = (MAIL, IBAN, "Okafor")


class SpyEmbedder(HashingEmbedder):
    """Remembers every passage it was asked to embed."""

    def __init__(self) -> None:
        super().__init__(32)
        self.seen: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Float32:
        self.seen += texts
        return super().embed_passages(texts)


SECRET_TICKET = ticket(
    "1",
    "",
    subject=f"token {TOKEN} leaked",
    public_subject=f"Mail from {MAIL}",
    messages=(
        customer_says(f"My password is {PASSWORD} and my account {IBAN}.", id="m1"),
        agent_says(f"Hello Mira Okafor, write to {MAIL}.", public=True, id="m2"),
        agent_says(
            f"<p>token: <b>{TOKEN[:10]}</b>{TOKEN[10:]}</p>", public=False, id="n1"
        ).model_copy(update={"format": TextFormat.HTML}),
    ),
    status="resolved",
    resolution=Resolution(text=f"New password is {PASSWORD}", public=True),
    tags=(MAIL,),
    published=True,
    people=(Person(name="Mira Okafor", email=MAIL),),
)


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


class TestWhatAnEmbedderAndADiskSee:
    """Placeholders only, on both shelves."""

    def test_no_secret_reaches_the_embedder_or_a_file(self, tmp_path: Path) -> None:
        """Subjects, messages, notes in HTML, resolutions: in whatever field it stands."""
        spy = SpyEmbedder()
        with KnowledgeBase.create(tmp_path / "a.kb", embedder=spy) as kb:
            kb.upsert([SECRET_TICKET, article("2", f"export KEY={TOKEN}", INTERNAL)])
            kb.rebuild()

        embedded = "\n".join(spy.seen)
        assert "[secret]" in embedded
        assert [s for s in SECRETS if s in embedded or s.encode() in bytes_of(tmp_path)] == []

    def test_no_personal_data_reaches_the_customers_directory(self, desk: KnowledgeBase) -> None:
        """And it stays readable: the placeholder keeps the kind."""
        desk.upsert([SECRET_TICKET, article("2", f"Ask {MAIL}, pay to {IBAN}.", EXTERNAL)])
        desk.rebuild()

        on_disk = bytes_of(desk.path / "external")
        page = desk.searcher(EXTERNAL).get("kb:2")

        assert [p for p in (*PERSONAL, *SECRETS) if p.encode() in on_disk] == []
        assert page.model_dump()["body"] == "Ask [email], pay to [iban]."

    def test_staff_keep_personal_data_and_lose_secrets(self, desk: KnowledgeBase) -> None:
        """An agent must be able to call back."""
        desk.upsert([SECRET_TICKET])

        shown = desk.searcher(INTERNAL).get("desk:1").model_dump_json()

        assert MAIL in shown
        assert [s for s in SECRETS if s in shown] == []

    @pytest.mark.parametrize(
        "hidden",
        [
            '<span title="mira.okafor&#64;quayside.example">write</span>',
            '<a href="tel:&#43;4930901820">call</a>',
        ],
    )
    def test_markup_that_hides_an_address_is_given_up(
        self, desk: KnowledgeBase, hidden: str
    ) -> None:
        """References and escapes in attributes: the text is kept, as plain text."""
        page = article("2", f"<p>Hello, {hidden} us</p>", EXTERNAL, format=TextFormat.HTML)

        desk.upsert([page.model_copy(update={"title": "Contact"})])

        shown = desk.searcher(EXTERNAL).get("kb:2").model_dump()
        assert shown["format"] == "plain"
        assert "okafor" not in shown["body"]
        assert "4930901820" not in shown["body"]

    def test_a_message_id_that_is_an_address_is_left_out(self, desk: KnowledgeBase) -> None:
        """Mails are named by addresses of their senders' hosts."""
        said = customer_says("It hums", id=f"<{MAIL}>")
        desk.upsert([ticket("3", "", subject="hum", messages=(said,), published=True)])

        (hit,) = desk.searcher(EXTERNAL).search("hums")

        assert hit.passage.message_id is None


class TestTheReport:
    """What was replaced where, and not the thing itself."""

    def test_names_shelf_document_field_kind_and_number(self, desk: KnowledgeBase) -> None:
        """By shelf: what is right for staff can be wrong for customers."""
        report = desk.upsert([article("2", f"Ask {MAIL} or {MAIL}", EXTERNAL)])

        assert report.redactions == (
            Redaction(shelf="external", document_id="kb:2", field="body", kind="email", n=2),
            Redaction(shelf="external", document_id="kb:2", field="title", kind="email", n=1),
        ) or {(r.field, r.kind, r.n) for r in report.redactions} == {
            ("title", "email", 2),
            ("body", "email", 2),
        }
        assert MAIL not in report.model_dump_json()

    def test_a_second_upsert_of_the_same_is_unchanged(self, desk: KnowledgeBase) -> None:
        """What is compared is what is stored."""
        desk.upsert([SECRET_TICKET])

        report = desk.upsert([SECRET_TICKET])

        assert (report.unchanged, report.n_embedded) == (("desk:1",), 0)


class Codenames:
    """A user's own redactor."""

    fingerprint = "codenames-1"

    def find(self, text: str) -> Sequence[Finding]:
        start = text.find("Project Heron")
        return [] if start < 0 else [Finding(start, start + 13, "codename")]


class TestOwnRedactors:
    """Given to the desk, on both shelves, and part of its fingerprint."""

    def test_replace_what_they_find(self, tmp_path: Path) -> None:
        """Beside the shipped ones."""
        embedder = HashingEmbedder(32)
        path = tmp_path / "a.kb"
        with KnowledgeBase.create(path, embedder=embedder, redactors=[Codenames()]) as kb:
            kb.upsert([article("1", "Project Heron starts", INTERNAL, title="Soon")])
            shown = kb.searcher(INTERNAL).get("kb:1")
        assert shown.model_dump()["body"] == "[codename] starts"

        with (
            KnowledgeBase.open(path, embedder=embedder) as without,
            pytest.raises(EmbedderMismatchError, match="kbsearch rebuild"),
        ):
            without.upsert([article("2", "Project Heron again", INTERNAL)])

    def test_a_rebuild_redacts_what_was_stored_before(self, tmp_path: Path) -> None:
        """Switching redaction on later must reach the documents that are there."""
        embedder = HashingEmbedder(32)
        path = tmp_path / "a.kb"
        off = Settings(redaction=RedactionSettings(secrets=False, personal=False, people=False))
        with KnowledgeBase.create(path, embedder=embedder, settings=off) as kb:
            kb.upsert([SECRET_TICKET])
        assert PASSWORD.encode() in bytes_of(path)
        (path / "kbsearch.toml").unlink()
        (path / "kbsearch.toml").write_text("[redaction]\nsecrets = true\n")

        with KnowledgeBase.open(path, embedder=embedder) as kb:
            kb.rebuild()

        assert [s for s in SECRETS if s.encode() in bytes_of(path)] == []
        assert [p for p in (MAIL, IBAN) if p.encode() in bytes_of(path / "external")] == []

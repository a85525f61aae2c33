"""Secrets, personal data, hosts and links in a draft."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kbsearch import KnowledgeBase, Settings, TextFormat
from kbsearch.config import SharingSettings
from kbsearch.embed import HashingEmbedder
from kbsearch.models import FindingKind
from kbsearch.sharing.outgoing.references import document_ids, hosts, urls
from tests.builders import article, customer_says, ticket
from tests.library import EXTERNAL, INTERNAL


def texts_of(text: str, *domains: str) -> list[str]:
    return [reference.text for reference in hosts(text, domains)]


class TestHosts:
    """What nobody outside can reach, told by its form."""

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("It hung on lk-edge-03.bw.internal.", "lk-edge-03.bw.internal"),
            ("See http://wiki/Tunnels for it.", "http://wiki/Tunnels"),
            ("https://gatehouse:8443/login?x=1", "https://gatehouse:8443/login?x=1"),
            (r"Get it from \\files\share\setup.exe.", r"\\files\share\setup.exe"),
            ("The server 10.20.0.17 is down", "10.20.0.17"),
            ("ping 192.168.4.9 first", "192.168.4.9"),
            ("printer.office.LAN", "printer.office.LAN"),
            ("ssh 172.16.9.1", "172.16.9.1"),
        ],
    )
    def test_finds(self, text: str, name: str) -> None:
        """Each is of use to an intruder and to nobody else."""
        assert texts_of(text) == [name]

    @pytest.mark.parametrize(
        "text",
        [
            "https://status.brightwater.example/today",
            "http://localhost:8080/ping and 127.0.0.1",
            "Edit appsettings.local.json or com.acme.internal.Main",
            "8.8.8.8 is a public resolver, 172.32.0.1 is no private address",
            "Version 10.1.2.3 is out",
            "Allow 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 in the proxy",
            "Mac, PC, C:\\Users\\me and 12:30",
            "internal, local and private are words",
        ],
    )
    def test_passes(self, text: str) -> None:
        """Public names, files and versions are no hosts of the house."""
        assert texts_of(text) == []

    def test_a_domain_of_the_settings_covers_all_below_it(self) -> None:
        """And nothing that only ends alike."""
        text = "ops.acme.example and acme.example, not notacme.example or acme.example.org"

        assert texts_of(text, "acme.example") == ["ops.acme.example", "acme.example"]

    def test_ids_and_urls_end_before_punctuation(self) -> None:
        """A full stop belongs to the sentence."""
        assert [r.text for r in document_ids("See kb:reset-tunnel.")] == ["kb:reset-tunnel"]
        assert [r.text for r in urls("(https://a.example/b).")] == ["https://a.example/b"]

    @pytest.mark.parametrize(
        "text",
        ["a." * 100_000, "\\\\" * 100_000, "a:" * 100_000, "1." * 100_000, "http://" * 50_000],
    )
    def test_hostile_text_costs_linear_time(self, text: str) -> None:
        """A draft may be pasted from anywhere; the bound is generous, the square is minutes."""
        started = time.process_time()

        hosts(text, ["a.example"])
        list(urls(text))
        list(document_ids(text))

        assert time.process_time() - started < 20


@pytest.fixture
def kb(tmp_path: Path, hashing_embedder: HashingEmbedder) -> KnowledgeBase:
    """A desk that names its internal domain and its own address."""
    settings = Settings(
        sharing=SharingSettings(
            internal_domains=("acme.example",), own_contacts=("help@public.example",)
        )
    )
    return KnowledgeBase.create(tmp_path / "a.kb", settings=settings, embedder=hashing_embedder)


def kinds(kb: KnowledgeBase, text: str, **arguments: object) -> list[tuple[FindingKind, str]]:
    report = kb.check_outgoing(text, **arguments)  # type: ignore[arg-type]
    return [(finding.kind, finding.sentence) for finding in report.findings]


class TestFindings:
    """What becomes of them in a check."""

    def test_secrets_and_personal_data_are_named_by_kind(self, kb: KnowledgeBase) -> None:
        """The same rules as for what is stored."""
        assert kinds(kb, "The password is Tide-4711! Write to mira@elsewhere.example.") == [
            (FindingKind.SECRET, "Tide-4711!"),
            (FindingKind.PERSONAL, "mira@elsewhere.example"),
        ]

    def test_what_the_asker_wrote_and_own_contacts_are_no_findings(self, kb: KnowledgeBase) -> None:
        """Quoting an address back to its owner tells nobody anything."""
        own = ticket("1", "x", messages=(customer_says("I am mira@elsewhere.example", id="1"),))
        text = "We write to mira@elsewhere.example from help@public.example."

        assert kinds(kb, text, ticket=own) == []
        assert kinds(kb, text) == [(FindingKind.PERSONAL, "mira@elsewhere.example")]

    def test_a_secret_is_one_even_if_the_asker_wrote_it(self, kb: KnowledgeBase) -> None:
        """Passwords are not mailed back."""
        text = "Your password is Tide-4711!"
        own = ticket("1", "x", messages=(customer_says(text, id="1"),))

        assert kinds(kb, text, ticket=own) == [(FindingKind.SECRET, "Tide-4711!")]

    def test_a_host_that_customers_were_told_is_none_but_a_ruled_domain_always(
        self, kb: KnowledgeBase
    ) -> None:
        """The desk's own rule outweighs what slipped out before."""
        text = "Open http://router/ and ops.acme.example"
        before = kinds(kb, text)
        kb.upsert([article("p", f"To set it up: {text}", EXTERNAL)])

        assert [name for _, name in before] == ["http://router/", "ops.acme.example"]
        assert kinds(kb, text) == [(FindingKind.HOSTNAME, "ops.acme.example")]

    def test_links_to_internal_documents_by_id_and_by_address(self, kb: KnowledgeBase) -> None:
        """Public ones are no finding."""
        kb.upsert(
            [
                article("s", "Dashboards are at https://stats.vendor.example/d/17", INTERNAL),
                article("p", "Status is at https://status.vendor.example/", EXTERNAL),
            ]
        )
        text = (
            "See kb:s and kb:p, https://stats.vendor.example/d/17 "
            "and https://status.vendor.example/."
        )

        assert [one for one in kinds(kb, text) if one[0] is FindingKind.LINK] == [
            (FindingKind.LINK, "kb:s"),
            (FindingKind.LINK, "https://stats.vendor.example/d/17"),
        ]

    def test_what_markup_hides_is_found(self, kb: KnowledgeBase) -> None:
        """A comment or a link's target leaves the house too."""
        html = '<p>Hello <a href="http://wiki/Plans">there</a><!-- ops.acme.example --></p>'

        names = [name for _, name in kinds(kb, html, format=TextFormat.HTML)]

        assert "ops.acme.example" in names
        assert any("http://wiki/Plans" in name for name in names)

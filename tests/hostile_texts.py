"""Texts that are made to hurt, of any size: markup, mails, logs, words and patterns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Filled(NamedTuple):
    """A unit that fills a text between a beginning and an end."""

    unit: str
    before: str = ""
    after: str = ""

    def text(self, size: int) -> str:
        """Of about so many characters."""
        return self.before + self.unit * (size // len(self.unit)) + self.after


MARKUP: Mapping[str, Filled] = {
    "comments never closed": Filled("<!--"),
    "links never closed": Filled("<a "),
    "links with quotes never closed": Filled('<a href="'),
    "nested blocks": Filled("<div>"),
    "nested inline": Filled("<b><i>"),
    "nested tables": Filled("<table><tr><td>"),
    "nested lists": Filled("<ul><li>"),
    "options": Filled("<select><option>"),
    "paragraphs in paragraphs": Filled("<p>a"),
    "one tag of many attributes": Filled("a=1 ", "<div ", ">x"),
    "angle brackets in values": Filled('<div a="<">'),
    "entities never closed": Filled("&"),
    "numeric entities": Filled("&#x41;"),
    "closing tags": Filled("</"),
    "sections of data": Filled("<![CDATA["),
    "quoted blocks": Filled("<blockquote>"),
}
MARKDOWN: Mapping[str, Filled] = {
    "deep quotes": Filled("> ", "", "end"),
    "brackets": Filled("["),
    "images": Filled("!["),
    "stars": Filled("*a "),
    "underscores": Filled("_a_"),
    "backticks": Filled("`a"),
    "pipes": Filled("|a|\n|-|\n"),
    "deep lists": Filled("".join("  " * n + "- x\n" for n in range(200))),
    "link definitions": Filled("[a]: <b\n"),
}
PLAIN: Mapping[str, Filled] = {
    "one word": Filled("a"),
    "one line of words": Filled("word "),
    "empty lines": Filled("\n"),
    "blanks": Filled(" ", "", "end"),
    "combining marks": Filled("\u0301", "e"),
    "surrogates": Filled("\ud800"),
    "nul": Filled("\x00", "", "end"),
    "direction marks": Filled("\u202e", "", "end"),
    "quoted lines": Filled("> a\n"),
    "attributions": Filled("On Monday, A wrote:\n"),
    "attribution that never ends": Filled("Monday ", "On "),
    "headers": Filled("From: a\nTo: b\n"),
    "signatures": Filled("-- \n"),
    "underscore lines": Filled("_" * 31 + "\n"),
    "stack frames": Filled("  at a.b.c(D.java:1)\n"),
    "times": Filled("2024-01-01 00:00:00 "),
    "passwords": Filled("password: "),
    "password signs": Filled("password="),
    "urls": Filled("https://a:"),
    "url with credentials that never ends": Filled("p", "https://u:"),
    "mail addresses": Filled("a@"),
    "dotted": Filled("a."),
    "digits": Filled("1"),
    "spaced digits": Filled("4 "),
    "phones": Filled("+49 "),
    "accounts": Filled("DE89 "),
    "addresses": Filled("1.2.3."),
    "colons": Filled("a:"),
    "key blocks": Filled("-----BEGIN PRIVATE KEY-----\n"),
    "tokens": Filled("ghp_"),
    "web tokens": Filled("eyJ."),
    "hex": Filled("0x"),
    "paths": Filled("/a"),
    "windows paths": Filled("C:\\"),
    "versions": Filled("1."),
    "keys": Filled("AB-"),
    "labels": Filled("Label: "),
    "label lines": Filled("Label: value\n"),
    "dashes": Filled("-"),
    "emoji": Filled("😀"),
    "cjk": Filled("漢字"),
}

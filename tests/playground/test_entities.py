"""Telegram's HTML, read as Telegram reads it."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.entities import parse_html, trimmed, utf16_length, with_seen
from playground.refusals import Violation


def test_offsets_count_utf16_units():
    text, entities = parse_html("🎉<b>春節🎊</b>!")
    assert text == "🎉春節🎊!"
    assert entities == [{"type": "bold", "offset": 2, "length": 4}]


def test_nested_tags_make_nested_entities_outermost_first():
    text, entities = parse_html('<b>a<i>b</i></b><a href="https://example.org/x">c</a>')
    assert text == "abc"
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == [
        ("bold", 0, 2),
        ("italic", 1, 1),
        ("text_link", 2, 1),
    ]
    assert entities[2]["url"] == "https://example.org/x"


def test_code_in_pre_gives_the_language():
    _, entities = parse_html('<pre><code class="language-python">x = 1</code></pre>')
    assert entities == [{"type": "pre", "offset": 0, "length": 5, "language": "python"}]


def test_a_time_tag_carries_its_instant_and_format():
    _, entities = parse_html('<tg-time unix="1900000000" format="wDT">soon</tg-time>')
    assert entities == [
        {"type": "date_time", "offset": 0, "length": 4, "unix_time": 1900000000, "date_time_format": "wDT"}
    ]


def test_expandable_quotes_and_spoilers_are_known():
    _, entities = parse_html('<blockquote expandable>q</blockquote><span class="tg-spoiler">s</span>')
    assert [e["type"] for e in entities] == ["expandable_blockquote", "spoiler"]


def test_only_four_named_references_are_decoded():
    assert parse_html("&lt;&gt;&amp;&quot;&#39;&#x4e2d;&nbsp;&copy;")[0] == "<>&\"'中&nbsp;&copy;"


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        ("<div>x</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("中<br>", 'Unsupported start tag "br" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b x", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_what_telegram_cannot_read_is_refused_in_its_words(markup, problem):
    with pytest.raises(Violation) as refused:
        parse_html(markup)
    assert refused.value.description == f"Bad Request: can't parse entities: {problem}"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text):
    assert parse_html(escape(text)) == (text, [])


@given(st.text(alphabet=st.sampled_from("a🎉中 \n<b></i>&amp;\"'=/"), max_size=40))
def test_entities_never_reach_beyond_the_text(markup):
    try:
        text, entities = parse_html(markup)
    except Violation:
        return
    text, entities = trimmed(text, entities)
    for entity in with_seen(text, entities):
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(text)


def test_white_space_is_cut_at_both_ends_and_entities_follow():
    assert trimmed(*parse_html(" \n<b> x </b> ")) == ("x", [{"type": "bold", "offset": 0, "length": 1}])


def test_commands_links_mentions_and_hashtags_are_seen_in_plain_text():
    found = with_seen("看 /events@a_bot https://example.org/a. @somebody #forum mail@example.org", [])
    assert [e["type"] for e in found] == ["bot_command", "url", "mention", "hashtag", "email"]


def test_nothing_is_seen_inside_code():
    text, entities = parse_html("<code>/start</code>")
    assert [e["type"] for e in with_seen(text, entities)] == ["code"]

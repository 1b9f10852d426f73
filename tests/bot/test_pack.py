"""The content pack: the shipped one is whole, and a broken one says where it is broken."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from opencc import OpenCC

from bot.kinds import KINDS
from bot.pack import Fault, Faults, Pack, SampleEvent, moments, read_pack

SHIPPED = Path(__file__).parents[2] / "content"
SPOKEN_HERE = ("en", "zh_Hant_HK", "zh_Hans_CN")
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)

# What the association does, and what in the pack tells of it: a programme and the questions about it.
TOLD = {
    "forums, seminars, lectures": ("forums", "forum-what forum-online"),
    "a series of briefings": ("briefings", "briefing-what briefing-attendance briefing-signup"),
    "visits of delegations": ("delegations", "delegation-join delegation-details delegation-meeting"),
    "study missions": ("gba-missions", "gba-mission-who gba-mission-join"),
    "cultural visits": ("culture", "culture-what culture-interpreter"),
    "commemorative activities": ("commemorations", "commemoration-what commemoration-guests"),
    "diplomacy in schools": ("schools", "school-request school-helper flagship-activities"),
    "the knowledge contest": ("contest", "contest-what contest-enter"),
    "the summer camp": ("summer-camp", "camp-what camp-consent camp-when"),
    "training for public servants": ("public-service", "public-service-who public-service-missing"),
    "education, jobs, mentoring": ("learning-and-jobs", "learning-who learning-apply learning-mentor"),
    "ethnic-minority communities": ("integration", "integration-what integration-languages"),
    "liaison and views": ("liaison", "liaison-suggestion liaison-business liaison-fields"),
    "newsletters": ("newsletters", "newsletter-get newsletter-offices"),
    "the promotion centre": (
        "gba-guidance",
        "mainland-centre mainland-offices mainland-help mainland-talent",
    ),
    "other channels": ("channels", "channels-ocmfa channels-share"),
    "associations and think-tanks": (
        "networks",
        "network-join sri-recommendations sri-overseas-chinese sri-address sri-organisations sri-think-tanks",
    ),
    "students and teachers": ("student-exchange", "exchange-request exchange-host"),
    "charity and exhibitions": ("charity", "charity-what charity-help"),
    "volunteering": ("volunteering", "volunteer-start volunteer-drop"),
}
HOW_IT_WORKS = (
    "association-what ocmfa-established rsvp-how rsvp-companions rsvp-cancel waitlist-how reminders-when "
    "language-change privacy-stored privacy-delete ask-person"
)


@pytest.fixture(scope="module")
def shipped() -> Pack:
    match read_pack(SHIPPED):
        case Pack() as pack:
            return pack
        case faults:
            pytest.fail(str(faults))


def test_the_shipped_pack_is_large_enough_to_be_of_use(shipped: Pack) -> None:
    assert len(shipped.programmes) >= 14
    assert len(shipped.questions) >= 66
    assert len(shipped.events) >= 10


def test_every_text_of_the_shipped_pack_is_there_in_each_language(shipped: Pack) -> None:
    lacking = []
    for place, texts in _texts(shipped.model_dump(), "pack"):
        lacking += [(place, locale) for locale in SPOKEN_HERE if locale not in texts]
    assert lacking == []


def test_every_question_is_worded_in_three_ways_in_each_language(shipped: Pack) -> None:
    for question in shipped.questions:
        for locale in SPOKEN_HERE:
            assert len(question.wordings[locale]) >= 3, (question.id, locale)


def test_every_question_is_also_asked_the_way_hong_kong_types(shipped: Pack) -> None:
    spoken = re.compile("[嘅喺冇唔咩啲嗰哋咗喇㗎嚟睇俾搵攞瞓撳邊點呀掣熄晒]|係咪|而家|屋企|幫手")
    formal = [q.id for q in shipped.questions if not any(map(spoken.search, q.wordings["zh_Hant_HK"]))]
    assert formal == []


def test_traditional_and_simplified_are_not_mixed_up(shipped: Pack) -> None:
    to_traditional, to_simplified = OpenCC("s2t"), OpenCC("t2s")
    same_in_hong_kong = set("台群着咸里布占才于晒吓")
    same_in_the_mainland = str.maketrans("", "", "劏")
    for place, texts in _texts(shipped.model_dump(), "pack"):
        for text in _strings(texts["zh_Hans_CN"]):
            plain = text.translate(same_in_the_mainland)
            assert to_simplified.convert(plain) == plain, place
        for text in _strings(texts["zh_Hant_HK"]):
            simplified = {c for c in text if to_traditional.convert(c) != c} - same_in_hong_kong
            assert not simplified, (place, simplified)


def test_each_chinese_text_uses_the_words_of_its_place(shipped: Pack) -> None:
    elsewhere = {
        "zh_Hant_HK": "志願者|信息|軟件|視頻|點擊|線上|在線",
        "zh_Hans_CN": "义工|软体|网上|私隐|查询|传译|导赏",
    }
    for place, texts in _texts(shipped.model_dump(), "pack"):
        for locale, words in elsewhere.items():
            assert not [text for text in _strings(texts[locale]) if re.search(words, text)], (place, locale)


@pytest.mark.parametrize("activity", TOLD)
def test_everything_the_association_does_is_told_of(shipped: Pack, activity: str) -> None:
    programme, questions = TOLD[activity]
    assert programme in {known.id for known in shipped.programmes}
    asked = {question.id for question in shipped.questions if question.programme == programme}
    assert set(questions.split()) <= asked


def test_how_the_bot_works_is_told_of(shipped: Pack) -> None:
    assert set(HOW_IT_WORKS.split()) <= {question.id for question in shipped.questions}


def test_sample_events_say_so_and_lie_in_the_days_to_come(shipped: Pack) -> None:
    for event in shipped.events:
        assert event.sample
        assert event.title["en"].startswith("(Sample)")
        assert all(event.title[locale].startswith("（示例）") for locale in ("zh_Hant_HK", "zh_Hans_CN"))
        when = moments(event, NOON, HONG_KONG)
        assert timedelta(0) < when.starts - NOON < timedelta(days=41)


def test_sample_events_show_every_kind_and_every_case(shipped: Pack) -> None:
    events = shipped.events
    assert {event.kind for event in events} == set(KINDS)
    assert sum(len(event.shifts) in (2, 3) for event in events) >= 4
    assert any(shift.languages for event in events for shift in event.shifts)
    cases: dict[str, Callable[[SampleEvent], bool]] = {
        "two places": lambda event: event.places == 2,
        "online": lambda event: event.online is not None,
        "as many as come": lambda event: event.places is None,
        "companions": lambda event: event.companions > 0,
        "several days": lambda event: _length(event) > timedelta(days=1),
        "another time zone": lambda event: event.zone is not None,
    }
    assert [name for name, case in cases.items() if not any(map(case, events))] == []


def _length(event: SampleEvent) -> timedelta:
    when = moments(event, NOON, HONG_KONG)
    return when.ends - when.starts


# A small pack that is whole; each test below breaks one thing in it.
WHOLE = {
    "pack.yaml": """\
name: {en: Sample Society}
base_locale: en
sources:
  Leaflet: {en: Our leaflet}
""",
    "programmes.yaml": """\
programmes:
  - id: walks
    kinds: [visit]
    title: {en: Walks}
    summary: {en: We walk.}
    body: {en: We walk together.}
    source: Leaflet
""",
    "questions/walks.yaml": """\
questions:
  - id: walk-where
    programme: walks
    source: Leaflet
    as_of: 2026-05-01
    events_of_kind: visit
    wordings:
      en:
        - Where do you walk?
    answer:
      en: In the hills.
  - id: walk-when
    source: Leaflet
    wordings: {en: [When do you walk?]}
    answer: {en: On Sundays.}
""",
    "sample/events.yaml": """\
events:
  - id: hill-walk
    kind: visit
    programme: walks
    sample: true
    starts: {in_days: 2, at: 09:30}
    lasts: 3h
    title: {en: (Sample) Hill walk}
    description: {en: Up and down.}
    places: 10
    deadline: {days_before: 1, at: 18:00}
    shifts:
      - id: leader
        role: {en: Leader}
        starts: -30
        ends: 12:45
""",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def faults_of(folder: Path) -> tuple[Fault, ...]:
    match read_pack(folder):
        case Faults(faults):
            return faults
        case _:
            pytest.fail("the pack was read")


def broken(folder: Path, file: str, old: str, new: str) -> tuple[Fault, ...]:
    assert WHOLE[file].count(old) == 1
    return faults_of(write(folder, {**WHOLE, file: WHOLE[file].replace(old, new)}))


def test_a_whole_pack_is_read(tmp_path: Path) -> None:
    match read_pack(write(tmp_path, WHOLE)):
        case Pack() as pack:
            assert [question.id for question in pack.questions] == ["walk-where", "walk-when"]
            assert pack.events[0].reminders == ("7d", "1d", "2h")
        case faults:
            pytest.fail(str(faults))


ASKS_WITHOUT_CHOICES = "    places: 10\n    questions:\n      - {kind: choice, text: {en: Which?}}\n"
STOPS_BACKWARDS = "    places: 10\n    plan:\n      - {at: 12:00, until: 11:00, title: {en: Rest}}\n"
OPENS_LATE = "    places: 10\n    opens: {days_before: 0, at: 08:00}\n"
ONLINE_NOWHERE = "    places: 10\n    online_places: 5\n"
E_, Q_, P_, H_ = "sample/events.yaml", "questions/walks.yaml", "programmes.yaml", "pack.yaml"
BREAKS = {
    "missing base language": (Q_, "answer: {en: On", "answer: {fil: On", 15, "walk-when].answer", "“en: …”"),
    "missing field": (P_, "    summary: {en: We walk.}\n", "", 2, "programmes[walks].summary", "missing"),
    "unknown field": (P_, "title:", "titel:", 4, "programmes[walks].titel", "“title”"),
    "unknown locale": (P_, "{en: Walks}", "{en: Walks, zh-HK: 行}", 4, "title.zh-HK", "“zh_Hant_HK”"),
    "unknown kind": (E_, "kind: visit", "kind: party", 3, "events[hill-walk].kind", "forum, seminar"),
    "unknown programme": (Q_, "programme: walks", "programme: swims", 3, "programme", "swims"),
    "unlisted source": (P_, "source: Leaflet", "source: Hearsay", 7, "programmes[walks].source", "pack.yaml"),
    "bad date": (Q_, "2026-05-01", "2026-02-30", 5, "questions[walk-where].as_of", "2026-12-03"),
    "bad time": (E_, "at: 09:30", "at: 930", 6, "events[hill-walk].starts.at", "18:30"),
    "bad length": (E_, "lasts: 3h", "lasts: long", 7, "events[hill-walk].lasts", "2h"),
    "taken id": (Q_, "id: walk-when", "id: walk-where", 12, "questions[walk-where].id", "line 2"),
    "bad id": (P_, "id: walks", "id: Our Walks", 2, "programmes[Our Walks].id", "summer-camp"),
    "wrong type": (E_, "places: 10", "places: some", 10, "events[hill-walk].places", "whole number"),
    "text for a list": (Q_, "{en: [When do you walk?]}", "{en: When}", 14, "wordings.en", "list"),
    "text for languages": (Q_, "answer: {en: On Sundays.}", "answer: On Sundays.", 15, "answer", "language"),
    "empty text": (P_, "{en: We walk.}", '{en: " "}', 5, "programmes[walks].summary.en", "empty"),
    "long text": (Q_, "{en: On Sundays.}", "{en: " + "x" * 901 + "}", 15, "answer.en", "900"),
    "wording twice": (Q_, "When do you walk?", "where do you walk", 14, "wordings.en[1]", "walk-where"),
    "end before start": (E_, "lasts: 3h", "ends: {in_days: 1, at: 10:00}", 7, "ends", "after the start"),
    "no end": (E_, "    lasts: 3h\n", "", 2, "events[hill-walk].ends", "lasts"),
    "late deadline": (E_, "days_before: 1,", "days_before: 0,", 11, "deadline", "before the start"),
    "backward shift": (E_, "ends: 12:45", "ends: 08:00", 16, "shifts[leader].ends", "after the start"),
    "no choices": (E_, "    places: 10\n", ASKS_WITHOUT_CHOICES, 12, "questions[1]", "2 to 20"),
    "backward stop": (E_, "    places: 10\n", STOPS_BACKWARDS, 12, "plan[1].until", "after the start"),
    "late opening": (E_, "    places: 10\n", OPENS_LATE, 11, "opens", "before it closes"),
    "places online nowhere": (E_, "    places: 10\n", ONLINE_NOWHERE, 11, "online_places", "place:"),
    "unmarked sample": (E_, "    sample: true\n", "", 2, "events[hill-walk].sample", "sample: true"),
    "field twice": (P_, "    source: Leaflet\n", "    source: A\n    source: B\n", 8, "source", "twice"),
    "invalid YAML": (Q_, "id: walk-where", "id: a: b", 2, "", "colon"),
    "tab": (P_, "    kinds", "\tkinds", 3, "", "tabs"),
    "control character": (P_, "title: {en: Walks}", "title: {en: W\x07}", 4, "", "U+0007"),
    "escaped control character": (P_, "{en: Walks}", '{en: "W\\0"}', 4, "", "U+0000"),
    "no list": (P_, "programmes:", "programs:", 1, "programmes", "programmes:"),
    "unknown base": (H_, "locale: en", "locale: xx", 2, "base_locale", "zh_Hant_HK"),
    "alias": (P_, "{en: Walks}", "&a {en: Walks}\n    extra: *a", 5, "walks].extra", "Write it out"),
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_pack_names_file_line_and_field(tmp_path: Path, what: str) -> None:
    file, old, new, line, field, hint = BREAKS[what]
    found = [fault for fault in broken(tmp_path, file, old, new) if fault.file == file]
    assert any(
        fault.line == line and fault.field.endswith(field) and hint in fault.sentence for fault in found
    ), found


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    files = {name: text.replace("source: Leaflet", "source: Hearsay") for name, text in WHOLE.items()}
    files["sample/events.yaml"] = files["sample/events.yaml"].replace("places: 10", "places: ten")
    faults = faults_of(write(tmp_path, files))
    assert {fault.file for fault in faults} == {
        "programmes.yaml",
        "questions/walks.yaml",
        "sample/events.yaml",
    }
    assert len(faults) == 4


def test_one_broken_file_does_not_blame_the_others(tmp_path: Path) -> None:
    faults = broken(tmp_path, "programmes.yaml", "title:", "titel:")
    assert {fault.file for fault in faults} == {"programmes.yaml"}


def test_a_file_that_is_not_utf_8_is_refused_by_line(tmp_path: Path) -> None:
    write(tmp_path, WHOLE)
    (tmp_path / "programmes.yaml").write_bytes("programmes:\n  - id: 行山\n".encode("big5hkscs"))
    assert any(
        (f.file, f.line) == ("programmes.yaml", 2) and "UTF-8" in f.sentence for f in faults_of(tmp_path)
    )


@pytest.mark.parametrize("deep", ["[" * 50_000, "[" * 3000 + "]" * 3000], ids=["open", "closed"])
def test_a_file_nested_without_end_is_refused(tmp_path: Path, deep: str) -> None:
    write(tmp_path, {**WHOLE, "questions/deep.yaml": f"questions: {deep}\n"})
    assert [(fault.file, fault.line) for fault in faults_of(tmp_path)] == [("questions/deep.yaml", 1)]


def test_a_file_in_the_wrong_place_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    write(tmp_path, {**WHOLE, "question/more.yml": "questions: []\n"})
    assert [fault.file for fault in faults_of(tmp_path)] == ["question/more.yml"]


def test_a_folder_that_is_not_there_and_a_pack_without_heading_are_refused(tmp_path: Path) -> None:
    assert "no folder" in faults_of(tmp_path / "nowhere")[0].sentence
    assert faults_of(tmp_path)[0].file == "pack.yaml"


def test_texts_that_yaml_would_take_for_something_else_stay_texts(tmp_path: Path) -> None:
    questions = WHOLE["questions/walks.yaml"].replace("On Sundays.", "no")
    pack = read_pack(write(tmp_path, {**WHOLE, "questions/walks.yaml": questions}))
    assert isinstance(pack, Pack)
    assert pack.questions[1].answer == {"en": "no"}


def test_days_count_from_the_date_where_the_event_takes_place(tmp_path: Path) -> None:
    pack = read_pack(write(tmp_path, WHOLE))
    assert isinstance(pack, Pack)
    late = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)  # half past midnight on 1 December in Hong Kong
    when = moments(pack.events[0], late, HONG_KONG)
    assert when.starts == datetime(2026, 12, 3, 1, 30, tzinfo=UTC)
    assert when.ends == datetime(2026, 12, 3, 4, 30, tzinfo=UTC)
    assert when.deadline == datetime(2026, 12, 2, 10, tzinfo=UTC)
    assert when.shifts[0].starts == datetime(2026, 12, 3, 1, tzinfo=UTC)
    assert when.shifts[0].ends == datetime(2026, 12, 3, 4, 45, tzinfo=UTC)


def test_an_event_abroad_keeps_its_own_clock(tmp_path: Path) -> None:
    text = WHOLE["sample/events.yaml"].replace("sample: true", "sample: true\n    zone: Asia/Tokyo")
    pack = read_pack(write(tmp_path, {**WHOLE, "sample/events.yaml": text}))
    assert isinstance(pack, Pack)
    assert moments(pack.events[0], NOON, HONG_KONG).starts == datetime(2026, 12, 3, 0, 30, tzinfo=UTC)


def test_the_examples_in_the_documentation_are_a_whole_pack(tmp_path: Path) -> None:
    text = (SHIPPED.parent / "docs" / "content.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    files = {
        name: block
        for block in blocks
        for start, name in (
            ("name:", "pack.yaml"),
            ("programmes:", "programmes.yaml"),
            ("questions:", "questions/camp.yaml"),
            ("events:", "sample/events.yaml"),
        )
        if block.startswith(start)
    }
    assert len(files) == 4
    assert isinstance(read_pack(write(tmp_path, files)), Pack)


def _texts(value: object, place: str) -> list[tuple[str, dict[str, object]]]:
    """Find every text of a pack: a mapping with the base language among its keys."""
    if isinstance(value, dict):
        if "en" in value:
            return [(place, value)]
        return [found for key, inner in value.items() for found in _texts(inner, f"{place}.{key}")]
    if isinstance(value, list | tuple):
        return [found for number, inner in enumerate(value) for found in _texts(inner, f"{place}[{number}]")]
    return []


def _strings(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []

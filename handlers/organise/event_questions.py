"""Putting an event's questions together: their order, conditions and choices, and what is asked no more."""

from markupsafe import Markup

from bot import event_questions
from bot.event_questions import WITH_CHOICES, text_of
from handlers.organise.question_screens import changeable, show_question, show_questions
from handlers.replies import NOTHING, Reply, button, show, toast
from handlers.turns import Press
from storage import Transaction
from storage import event_questions as kept


async def set_required(press: Press, tx: Transaction) -> Reply:
    found = await changeable(press, tx, press.number(0))
    if found is not None and press.number(1) in {0, 1} and found[1].required != bool(press.number(1)):
        await event_questions.set_required(
            tx, found[1], bool(press.number(1)), actor_id=press.person.id, now=press.now
        )
    return await show_question(press, tx, press.number(0))


async def move(press: Press, tx: Transaction) -> Reply:
    """Ask it one place earlier or later than where the button saw it; pressing twice moves it once."""
    found = await changeable(press, tx, press.number(0))
    if found is None or abs(press.number(1)) != 1:
        return await show_question(press, tx, press.number(0))
    event, question = found
    asked = [one.id for one in await kept.list_asked(tx, event.id)]
    if asked.index(question.id) != press.number(2):
        return await show_question(press, tx, question.id)
    if await event_questions.move(tx, question, press.number(1), actor_id=press.person.id, now=press.now):
        return await show_questions(press, tx, event.id)
    sentence = press.language.html("A question that is asked only after another one has to come after it.")
    return await show_question(press, tx, question.id, before=sentence)


async def choose_condition(press: Press, tx: Transaction) -> Reply:
    """After which question, and then after which answer to it?"""
    found = await changeable(press, tx, press.number(0))
    if found is None:
        return await show_question(press, tx, press.number(0))
    event, question = found
    language, asked = press.language, await kept.list_asked(tx, event.id)
    possible = event_questions.possible_conditions(asked, question)
    before = {one for one, _ in possible}
    words = {one.id: text_of(one, language.locale, event.base_locale) for one in asked if one.id in before}
    if press.number(1) in before:
        other = press.number(1)
        rows = [
            [button(words[other].choices.get(choice, ""), "oaskonly", question.id, other, choice)]
            for one, choice in possible
            if one == other
        ]
        text = language.html(
            "It is asked only of those who answered “{question}” with…", question=words[other].text
        )
        return show(text, [*rows, [button(language.gettext("‹ Back"), "oaskafter", question.id)]])
    rows = [[button(text.text, "oaskafter", question.id, other)] for other, text in words.items()]
    everybody = button(language.gettext("Ask everybody"), "oaskonly", question.id, 0, 0)
    back = button(language.gettext("‹ Back"), "oask", question.id)
    text = language.html("After which question is it asked? It shows only for one answer to that.")
    return show(text, [*rows, [everybody], [back]])


async def set_condition(press: Press, tx: Transaction) -> Reply:
    found = await changeable(press, tx, press.number(0))
    if found is None:
        return await show_question(press, tx, press.number(0))
    question, after = found[1], (press.number(1), press.number(2))
    wanted = None if after == (0, 0) else after
    present = (
        None if question.after_question_id is None else (question.after_question_id, question.after_choice)
    )
    if wanted != present and not await event_questions.set_after(
        tx, question, wanted, actor_id=press.person.id, now=press.now
    ):
        gone = toast(press.language.gettext("That choice is no longer there. Please choose again."))
        return gone + await show_question(press, tx, question.id)
    return await show_question(press, tx, question.id)


async def open_choices(press: Press, tx: Transaction) -> Reply:
    return await _show_choices(press, tx, press.number(0))


async def _show_choices(press: Press, tx: Transaction, question_id: int) -> Reply:
    found = await changeable(press, tx, question_id)
    if found is None or found[1].kind not in WITH_CHOICES:
        return await show_question(press, tx, question_id)
    event, question = found
    language = press.language
    words = text_of(question, language.locale, event.base_locale)
    text = Markup("<b>{}</b>").format(words.text) + Markup("\n\n")
    text += language.html("Press an answer to offer it no more. Whoever chose it keeps it.")
    rows = [
        [button(f"✕ {words.choices.get(number, '')}", "oaskless", question.id, number)]
        for number in question.choices
    ]
    if len(question.choices) < event_questions.MOST_CHOICES:
        rows.append([button(language.gettext("➕ Add an answer"), "oaskmore", question.id)])
    return show(text, [*rows, [button(language.gettext("‹ Back"), "oask", question.id)]])


async def remove_choice(press: Press, tx: Transaction) -> Reply:
    found = await changeable(press, tx, press.number(0))
    if found is None or press.number(1) not in found[1].choices:
        return await _show_choices(press, tx, press.number(0))
    if len(found[1].choices) <= 2:
        few = toast(press.language.gettext("Two answers have to be left. Add another one first."))
        return few + await _show_choices(press, tx, press.number(0))
    await event_questions.remove_choice(
        tx, found[1], press.number(1), actor_id=press.person.id, now=press.now
    )
    return await _show_choices(press, tx, press.number(0))


async def ask_remove(press: Press, tx: Transaction) -> Reply:
    """Say what removing does, and ask."""
    found = await changeable(press, tx, press.number(0))
    if found is None:
        return await show_question(press, tx, press.number(0))
    event, question = found
    language, asked = press.language, await kept.list_asked(tx, event.id)
    words = text_of(question, language.locale, event.base_locale)
    text = [
        language.html("Ask “{question}” no more?", question=words.text),
        language.html("What has been answered is kept and stays in the list."),
    ]
    depending = sum(one.after_question_id == question.id for one in asked)
    if depending:
        text.append(
            language.nhtml(
                "{n} question that depends on it will be asked of everybody.",
                "{n} questions that depend on it will be asked of everybody.",
                depending,
            )
        )
    rows = [
        [button(language.gettext("Yes, remove it"), "oaskdropped", question.id, style="danger")],
        [button(language.gettext("‹ No, keep it"), "oask", question.id)],
    ]
    return show(Markup("\n\n").join(text), rows)


async def remove(press: Press, tx: Transaction) -> Reply:
    found, done = await changeable(press, tx, press.number(0)), NOTHING
    if found is not None:
        await event_questions.remove(tx, found[1], actor_id=press.person.id, now=press.now)
        done = toast(press.language.gettext("The question is removed."))
    known = await kept.find(tx, press.number(0))
    return done + await show_questions(press, tx, known.event_id if known else -1)

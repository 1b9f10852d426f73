"""Which function answers which command, button, dialogue or other message."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, Chat, Message, Update, User

from bot.language import LOCALES, language
from handlers import (
    calendar,
    certificates,
    clerks,
    covering,
    crew,
    desk,
    desk_group,
    door,
    door_lists,
    event_list,
    events,
    feedback,
    forms,
    guardians,
    hours,
    links,
    menu,
    my,
    other,
    personal_data,
    privacy,
    programmes,
    questions,
    registration,
    rsvp,
    sessions,
    settings,
    shift_taking,
    shifts,
    start,
    tickets,
    travellers,
    visits,
    volunteer,
)
from handlers.dispatch import Answer
from handlers.forms import Form
from handlers.organise import (
    after_event,
    applications,
    attendees,
    broadcast,
    broadcast_audience,
    broadcast_notices,
    broadcast_sending,
    event_admin,
    event_edit,
    event_form,
    event_questions,
    groups,
    history,
    moving,
    question_forms,
    question_screens,
    series,
    shift_forms,
    shift_options,
    shift_people,
    sign_up,
    stops,
    team,
)
from handlers.organise import certificates as organise_certificates
from handlers.organise import hours as shift_hours
from handlers.organise import menu as organise_menu
from handlers.organise import people as organise_people
from handlers.organise import shifts as organise_shifts
from handlers.organise import travellers as organise_travellers
from handlers.organise import visits as organise_visits
from handlers.people import recognise
from handlers.reading import clean
from handlers.replies import CALLBACK_VERSION, NOTHING, Reply, Where, alert, below, toast
from handlers.turns import Press, Setup, Stranger, Turn, Writing, as_id
from storage import Transaction, dialogues, people

Handler = Callable[[Turn, Transaction], Awaitable[Reply]]
PressHandler = Callable[[Press, Transaction], Awaitable[Reply]]
# The tickets' codes in an update's picture; None where it was not looked at.
Seen = Callable[[int], tuple[str, ...] | None]

COMMANDS: Mapping[str, Handler] = {
    "events": event_list.browse,
    "menu": menu.open_menu,
    "volunteer": volunteer.open_volunteering,
    "my": my.open_mine,
    "programmes": programmes.browse,
    "settings": settings.open_settings,
    "privacy": privacy.open_privacy,
    "language": start.open_languages,
    "ask": desk.ask,
    "help": other.explain,
    "cancel": other.cancel,
}

PRESSES: Mapping[str, PressHandler] = {
    "menu": menu.open_menu,
    "help": other.explain,
    "language": start.press_language,
    "events": event_list.browse,
    "kinds": event_list.choose_kind,
    "event": events.press_card,
    "map": events.send_map,
    "ics": events.send_calendar,
    "join": rsvp.join,
    "party": rsvp.ask_party,
    "leave": rsvp.ask_leave,
    "left": rsvp.leave,
    "ticket": tickets.send,
    # For crew, which each of them makes sure of.
    "door": door.open_door,
    "doorclose": door.close,
    "doorin": door.let_in,
    "doorguest": door.let_in_guest,
    "doorlist": door_lists.list_missing,
    "doortap": door_lists.tap,
    "doorhere": door_lists.list_here,
    "doorone": door_lists.open_entry,
    "doorparty": door_lists.change_party,
    "doorout": door_lists.undo,
    "rate": feedback.rate,
    "ratesay": feedback.begin_comment,
    "accept": rsvp.accept,
    "nothanks": rsvp.decline,
    "signup": registration.press,
    "series": sessions.press_series,
    "joinall": sessions.join_all,
    "leaveall": sessions.ask_leave_all,
    "leftall": sessions.leave_all,
    "topic": questions.open_topic,
    "good": questions.thank,
    "wrong": questions.admit_wrong,
    "ask": desk.ask,
    "askq": desk.ask_this,
    "further": desk.ask_further,
    "settled": desk.settle,
    "mutebroadcasts": broadcast_notices.mute,
    "unmutebroadcasts": broadcast_notices.unmute,
    "my": my.open_mine,
    "calendar": calendar.open_calendar,
    "calendarnew": calendar.make,
    "calendarask": calendar.ask_renewal,
    "calendarrenew": calendar.renew,
    "calendarstop": calendar.stop,
    "calendarfile": calendar.send_file,
    "programmes": programmes.browse,
    "programme": programmes.open_programme,
    "question": programmes.open_question,
    "settings": settings.open_settings,
    "mute": settings.switch,
    "quiet": settings.open_quiet,
    "sethours": settings.set_hours,
    "ownhours": settings.ask_hours,
    "interests": settings.open_interests,
    "interest": settings.tick,
    "privacy": privacy.open_privacy,
    "export": personal_data.export,
    "forget": privacy.ask_forget,
    "forgotten": privacy.forget,
    "volunteer": volunteer.open_volunteering,
    "volform": volunteer.edit,
    "volme": volunteer.show_details,
    "volleave": volunteer.ask_leave,
    "volleft": volunteer.leave,
    "shift": shifts.press_card,
    "take": volunteer.take,
    "hours": hours.open_hours,
    "hoursyears": hours.choose_year,
    "hoursfile": hours.send_certificate,
    # For organisers, and for whoever leads the shift.
    "shifthours": shift_hours.press_list,
    "hourswho": shift_hours.press_hand,
    "hoursfix": shift_hours.begin_correction,
    "hoursundo": shift_hours.undo,
    "plan": visits.open_plan,
    "stopmap": visits.send_map,
    "travel": travellers.open_details,
    "traveller": travellers.press_traveller,
    "travelleredit": travellers.edit,
    "travellerdel": travellers.ask_deletion,
    "travellergone": travellers.delete,
    "young": guardians.ask_age,
    "adult": guardians.say_adult,
    "younger": guardians.say_young,
    "renewlink": guardians.renew,
    "guard": guardians.press_link,
    "guardyes": guardians.begin,
    "guardno": guardians.refuse,
    "speak": shift_taking.speak,
    "unapply": shift_taking.withdraw,
    "drop": covering.choose,
    "dropped": covering.drop,
    "cover": covering.seek,
    "keepshift": covering.keep,
    "swaps": covering.offer_swaps,
    "swapask": covering.ask_swap,
    "swapback": covering.take_back,
    "swapyes": covering.agree,
    "swapno": covering.refuse,
    "crew": crew.press_team,
    "crewcame": crew.note_came,
    "crewmissed": crew.note_missed,
    "crewundo": crew.undo,
    "certs": certificates.browse,
    "certnew": certificates.begin,
    "certdrop": certificates.ask_drop,
    "certdropped": certificates.drop,
}

# For organisers alone: to everybody else these do not exist.
ORGANISER_COMMANDS: Mapping[str, Handler] = {
    "organise": organise_menu.open_menu,
    "close": clerks.close_by_reply,
}
ORGANISER_PRESSES: Mapping[str, PressHandler] = {
    "organise": organise_menu.open_menu,
    "oevents": organise_menu.list_events,
    "onew": event_form.create,
    "onewgo": event_form.go_on,
    "oevent": event_admin.open_event,
    "ocancel": event_admin.ask_cancel,
    "ocancelled": event_admin.cancel,
    "omore": event_admin.open_more,
    "osignup": sign_up.open_page,
    "oset": sign_up.set_option,
    "ohistory": history.browse,
    "ogroups": groups.browse,
    "ogroup": groups.open_group,
    "ogroupnew": groups.begin_new,
    "ogroupname": groups.begin_rename,
    "ogrouplink": groups.ask_new_link,
    "ogrouplinked": groups.make_new_link,
    "ogroupout": groups.ask_take_out,
    "ogroupouted": groups.take_out,
    "ogroupdrop": groups.ask_drop,
    "ogroupdropped": groups.drop,
    "ocopy": series.begin_copy,
    "oseries": series.open_series,
    "oseriesmore": series.begin_more,
    "oserieshow": series.choose_sign_up,
    "oseriesout": series.ask_take_out,
    "oseriesouted": series.take_out,
    "oseriesname": series.begin_name,
    "oasks": question_screens.open_questions,
    "oask": question_screens.open_question,
    "oaskview": question_screens.preview,
    "oasknew": question_forms.begin_new,
    "oaskwords": question_forms.begin_words,
    "oaskmore": question_forms.begin_choice,
    "oaskreq": event_questions.set_required,
    "oaskmove": event_questions.move,
    "oaskafter": event_questions.choose_condition,
    "oaskonly": event_questions.set_condition,
    "oaskchoices": event_questions.open_choices,
    "oaskless": event_questions.remove_choice,
    "oaskdrop": event_questions.ask_remove,
    "oaskdropped": event_questions.remove,
    "onewlink": sign_up.ask_new_link,
    "onewlinked": sign_up.make_new_link,
    "oedit": event_edit.choose,
    "ochange": event_edit.ask,
    "oapps": applications.open_applications,
    "oapp": applications.open_application,
    "oappfile": applications.send_answer_file,
    "oappyes": applications.approve,
    "oappno": applications.ask_refusal,
    "oappnoed": applications.refuse,
    "oappwhy": applications.write_reason,
    "opeople": organise_people.open_people,
    "operson": organise_people.open_person,
    "opfind": organise_people.begin_search,
    "opadd": organise_people.begin_adding,
    "opadded": organise_people.add,
    "opout": organise_people.ask_removal,
    "opouted": organise_people.remove,
    "opoutwhy": organise_people.write_reason,
    "opmove": moving.choose_target,
    "opmoveto": moving.confirm_target,
    "opmoved": moving.move,
    "omerge": moving.choose_merger,
    "omergeto": moving.preview_merger,
    "omerged": moving.merge,
    "oattend": attendees.list_attendees,
    "oxlsx": attendees.send_list,
    "odoor": door.open_door,
    "opast": after_event.list_past,
    "oafter": after_event.open_after,
    "ocomments": after_event.list_comments,
    "team": team.open_team,
    "appoint": team.begin_appointing,
    "appointed": team.appoint,
    "unteam": team.ask_dismissal,
    "unteamed": team.dismiss,
    "broadcasts": broadcast.browse,
    "newbroadcast": broadcast.begin_new,
    "broadcast": broadcast.press_card,
    "broadcasttext": broadcast.begin_text,
    "broadcastpreview": broadcast.preview,
    "broadcastdelete": broadcast.ask_delete,
    "broadcastdeleted": broadcast.delete,
    "broadcastwhom": broadcast_audience.choose,
    "broadcastgroup": broadcast_audience.toggle,
    "broadcasttopics": broadcast_audience.choose_topics,
    "broadcastlanguages": broadcast_audience.choose_languages,
    "broadcastevents": broadcast_audience.choose_event,
    "broadcastevent": broadcast_audience.choose_who,
    "broadcastconfirm": broadcast_sending.confirm,
    "broadcastsend": broadcast_sending.send,
    "broadcastpause": broadcast_sending.pause,
    "broadcastresume": broadcast_sending.resume,
    "broadcaststop": broadcast_sending.ask_stop,
    "broadcaststopped": broadcast_sending.stop,
    "desk": clerks.list_open,
    "deskopen": clerks.open_one,
    "deskclose": clerks.press_close,
    "ovisit": organise_visits.open_visit,
    "ovisitset": organise_visits.change_setting,
    "ostops": organise_visits.list_stops,
    "ostop": stops.open_stop,
    "ostopadd": stops.begin_new,
    "ostopedit": stops.begin_edit,
    "ostopdel": stops.ask_removal,
    "ostopgone": stops.remove,
    "otravel": organise_travellers.list_travellers,
    "otravelremind": organise_travellers.remind,
    "omanifest": organise_travellers.send_manifest,
    "oshifts": organise_shifts.browse,
    "oshift": organise_shifts.press_card,
    "oshiftadd": shift_forms.begin_new,
    "oshiftedit": shift_forms.begin_edit,
    "oshiftcancel": organise_shifts.ask_cancel,
    "oshiftcancelled": organise_shifts.cancel,
    "oshiftneeds": shift_options.open_needs,
    "oshiftneed": shift_options.set_need,
    "oshiftask": shift_options.ask_volunteers,
    "oshiftpeople": shift_people.browse,
    "oshiftone": shift_people.press_one,
    "oshiftlead": shift_people.lead,
    "oshiftyes": shift_people.approve,
    "oshiftno": shift_people.begin_refusal,
    "ocerts": organise_certificates.browse,
    "ocert": organise_certificates.open_one,
    "ocertyes": organise_certificates.confirm,
    "ocertno": organise_certificates.begin_refusal,
}

FORMS: Mapping[str, Form] = {
    desk.ASK.kind: desk.ASK,
    registration.FORM.kind: registration.FORM,
    event_form.FORM.kind: event_form.FORM,
    event_edit.FORM.kind: event_edit.FORM,
    series.COPY.kind: series.COPY,
    series.SERIES.kind: series.SERIES,
    series.NAME.kind: series.NAME,
    groups.NAMES.kind: groups.NAMES,
    question_forms.NEW.kind: question_forms.NEW,
    question_forms.WORDS.kind: question_forms.WORDS,
    question_forms.CHOICE.kind: question_forms.CHOICE,
    team.FORM.kind: team.FORM,
    applications.FORM.kind: applications.FORM,
    organise_people.SEARCH.kind: organise_people.SEARCH,
    organise_people.ADDING.kind: organise_people.ADDING,
    organise_people.REMOVAL.kind: organise_people.REMOVAL,
    broadcast.FORM.kind: broadcast.FORM,
    volunteer.SIGN_UP.kind: volunteer.SIGN_UP,
    certificates.FORM.kind: certificates.FORM,
    shift_forms.NEW.kind: shift_forms.NEW,
    shift_people.REFUSAL.kind: shift_people.REFUSAL,
    organise_certificates.REFUSAL.kind: organise_certificates.REFUSAL,
    **{form.kind: form for form in shift_forms.EDITS.values()},
    settings.OWN_HOURS.kind: settings.OWN_HOURS,
    travellers.FORM.kind: travellers.FORM,
    guardians.FORM.kind: guardians.FORM,
    feedback.FORM.kind: feedback.FORM,
    stops.NEW.kind: stops.NEW,
    **{form.kind: form for form in stops.EDITS.values()},
    shift_hours.CORRECTION.kind: shift_hours.CORRECTION,
}


def nothing_seen(update_id: int) -> None:
    """Where no picture is looked at."""


class Routes:
    """Finds who speaks and what they want, and hands it to the one function that answers it."""

    def __init__(self, setup: Setup, *, seen: Seen = nothing_seen) -> None:
        self._setup = setup
        self._seen = seen

    async def handle(self, update: Update, tx: Transaction, now: datetime) -> Answer:
        """Answer one update; None where nothing is to be said."""
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None or (user.is_bot and not desk_group.speaks_as_group(update)):
            return None
        if update.my_chat_member:
            return None
        if chat.type != Chat.PRIVATE:
            return await self._in_group(update, user, chat, tx, now)
        where = _where(update, chat)
        known = await recognise(user, tx)
        if isinstance(known, Stranger):
            return await self._meet(update, start.Meeting(known, now, self._setup, where), tx), where
        turn = Turn(
            known,
            language(known.locale, self._setup.home),
            now,
            self._setup,
            where,
            await dialogues.find(tx, known.id),
        )
        if update.callback_query:
            return await self._pressed(press_of(turn, update.callback_query), tx), where
        message = update.message or update.edited_message
        if message is None:
            return None
        writing = writing_of(turn, message, edited=update.message is None)
        writing = replace(writing, tickets=self._seen(update.update_id))
        return await self._written(writing, tx), where

    async def apologise(self, update: Update, tx: Transaction, now: datetime) -> Answer:
        """What is said when an update was set aside."""
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None or chat.type != Chat.PRIVATE:
            return None
        known = await recognise(user, tx)
        locale = start.guess(known) if isinstance(known, Stranger) else known.locale
        return other.apologise(language(locale, self._setup.home)), _where(update, chat)

    async def _in_group(
        self, update: Update, user: User, chat: Chat, tx: Transaction, now: datetime
    ) -> Answer:
        message = update.message
        where = _where(update, chat)
        known = await recognise(user, tx)
        locale = start.guess(known) if isinstance(known, Stranger) else known.locale
        words = language(locale, self._setup.home)
        if message is not None and message.migrate_to_chat_id:
            await desk_group.note_move(message, self._setup, tx)
        if await desk_group.is_desk(chat.id, self._setup, tx):
            setup = replace(self._setup, desk=chat.id)
            answered = await clerks.hear_group(update, user, words, setup, tx, now)
            if answered is not None:
                return answered, where
        if update.callback_query:
            return alert(words.gettext("Please write to me in our own chat.")), where
        if message is None or not (message.text or "").startswith("/"):
            return None
        command, addressee, rest = _command(message.text or "")
        if addressee and addressee != self._setup.username.lower():
            return None
        payload = start.carried(rest) if command == "start" else ""
        return other.write_in_private(words, self._setup, payload), where

    async def _meet(self, update: Update, meeting: start.Meeting, tx: Transaction) -> Reply:
        """A stranger: only language, notice and consent, until they agree."""
        if update.callback_query is None:
            text = update.message.text if update.message else None
            return start.greet(meeting, start.first_words(clean(text or "")))
        match clean(update.callback_query.data or "").split(":"):
            case [_, "hello", locale, payload] if locale in LOCALES:
                return start.ask_consent(meeting, locale, payload)
            case [_, "decline", locale, payload] if locale in LOCALES:
                return start.decline(meeting, locale, payload)
            case [_, "agree", locale, payload] if locale in LOCALES:
                turn = await start.agree(meeting, tx, locale)
                return start.welcome(turn) + await self._deep_link(turn, tx, payload)
            case [_, "forgotten"]:
                return privacy.already_forgotten(meeting)
            case _:
                return start.greet(meeting)

    async def _deep_link(self, turn: Turn, tx: Transaction, payload: str) -> Reply:
        kind, _, rest = payload.partition("_")
        # The message under the button is the welcome; what was asked for comes below it.
        if payload == "volunteer":
            return below(await volunteer.open_volunteering(turn, tx))
        if kind == "t":
            return below(await door.open_code_link(turn, tx, payload))
        if kind == "guard":
            return below(await guardians.open_link(turn, tx, rest))
        if kind == "event" and rest.isdecimal():
            return below(await events.open_card(turn, tx, as_id(rest)))
        if kind == "invite":
            return below(await links.open_invitation(turn, tx, rest))
        if kind == "group":
            return below(await links.join_group(turn, tx, rest))
        return NOTHING

    async def _pressed(self, press: Press, tx: Transaction) -> Reply:
        operation = press.operation
        if operation in ("form", "cancel"):
            return await self._in_dialogue(press, tx)
        if operation in ("hello", "agree", "decline"):
            # The buttons of the first meeting, pressed again by somebody known by now.
            return menu.main(press)
        handler = PRESSES.get(operation)
        if handler is None and press.is_organiser:
            handler = ORGANISER_PRESSES.get(operation)
        answered = await handler(press, tx) if handler else other.unknown_button(press)
        return answered + await self._ask_again(press, tx) if operation == "language" else answered

    async def _ask_again(self, press: Press, tx: Transaction) -> Reply:
        """A form's question in the language just chosen: the menu alone would hide that it still waits."""
        form, person = _form_of(press), await people.find(tx, press.person.id)
        if form is None or person is None or person.locale == press.person.locale:
            return NOTHING
        turn = replace(press, person=person, language=language(person.locale, self._setup.home))
        return await forms.repeat(turn, tx, form)

    async def _in_dialogue(self, turn: Turn, tx: Transaction) -> Reply:
        if door.is_on(turn):
            # A button of a form that was given up for the door.
            return toast(turn.language.gettext("That is over already."))
        form = _form_of(turn)
        if form is None:
            # Whatever is written next is a question again.
            await dialogues.end(tx, turn.person.id)
            # In a message of its own: after a double tap the button's message says how it ended.
            return below(menu.main(turn, before=turn.language.html("That is over already.")))
        match turn:
            case Press(operation="cancel"):
                return await forms.give_up(turn, tx, form)
            case Press():
                return await forms.press(turn, tx, form)
            case Writing():
                return await forms.read(turn, tx, form)
            case _:
                raise TypeError("a dialogue goes on by a press or a message")

    async def _written(self, writing: Writing, tx: Transaction) -> Reply:
        if writing.text.startswith("/"):
            return await self._commanded(writing, tx)
        # An organiser's reply to a member's question is meant for that member, whatever form is open.
        answered = await clerks.hear(writing, tx)
        if answered is not None:
            return answered
        at_the_door = await door.hear(writing, tx)
        if at_the_door is not None:
            return at_the_door
        if writing.dialogue is not None and not door.is_on(writing):
            return await self._in_dialogue(writing, tx)
        return await questions.answer(writing, tx)

    async def _commanded(self, writing: Writing, tx: Transaction) -> Reply:
        command, _, rest = _command(writing.text)
        if command == "start":
            card = await self._deep_link(writing, tx, rest)
            return card if card.pieces else menu.commands(writing) + menu.main(writing)
        form = _form_of(writing)
        if command == "cancel" and form is not None:
            return await forms.give_up(writing, tx, form)
        if command == "cancel" and door.is_on(writing):
            return await door.close(writing, tx)
        handler = COMMANDS.get(command)
        if handler is None and writing.is_organiser:
            handler = ORGANISER_COMMANDS.get(command)
        return await handler(writing, tx) if handler else other.unknown_command(writing)


def _form_of(turn: Turn) -> Form | None:
    """The form under way, if there is one that this person may still fill in."""
    form = FORMS.get(turn.dialogue.kind) if turn.dialogue else None
    known = form is not None and turn.dialogue is not None and form.has(turn.dialogue.step)
    if form is None or not known or (form.organisers_only and not turn.is_organiser):
        return None
    return form


def _where(update: Update, chat: Chat) -> Where:
    query = update.callback_query
    if query is None:
        return Where(chat.id)
    return Where(chat.id, query.message.message_id if query.message else None, query.id)


def _command(text: str) -> tuple[str, str, str]:
    """A command's name, whom it is addressed to in a group, and what follows it."""
    first, _, rest = text[1:].partition(" ")
    name, _, addressee = first.partition("@")
    return name.lower(), addressee.lower(), rest.strip()


def press_of(turn: Turn, query: CallbackQuery) -> Press:
    version, _, rest = clean(query.data or "").partition(":")
    operation, *args = rest.split(":") if version == CALLBACK_VERSION else [""]
    message = query.message if isinstance(query.message, Message) else None
    return Press(**_parts(turn), operation=operation, args=tuple(args), message=message)


def writing_of(turn: Turn, message: Message, *, edited: bool) -> Writing:
    text = clean(message.text or message.caption or "")
    return Writing(**_parts(turn), text=text, message=message, edited=edited)


def _parts(turn: Turn) -> dict[str, Any]:
    return {field.name: getattr(turn, field.name) for field in fields(Turn)}

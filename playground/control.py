"""The control API: what the chat page and the tests ask of the playground."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ExceptionHandler

from playground import people
from playground.files import KINDS as FILE_KINDS
from playground.forms import read_multipart
from playground.methods.commands import commands_for
from playground.people import Impossible
from playground.refusals import Refused
from playground.telegram import Chat, Person, Telegram, shown

Json = dict[str, Any]
Endpoint = Callable[[Request], Awaitable[Response]]
KEEP_ALIVE_SECONDS = 15
LONGEST_WAIT = 60.0


class Control:
    """Everything under /api. What can't be done is answered with 400 and `{"error": why}`."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram

    def routes(self) -> list[BaseRoute]:
        """List the addresses."""
        table: list[tuple[str, str, Endpoint]] = [
            ("GET", "/people", self.list_people),
            ("POST", "/people", self.add_person),
            ("GET", "/chats", self.list_chats),
            ("POST", "/groups", self.add_group),
            ("GET", "/chats/{chat}/messages", self.messages),
            ("GET", "/events", self.events),
            ("POST", "/send", self.send),
            ("POST", "/send_file", self.send_file),
            ("POST", "/send_location", self.send_location),
            ("POST", "/send_contact", self.send_contact),
            ("POST", "/send_poll", self.send_poll),
            ("POST", "/edit", self.edit),
            ("POST", "/press", self.press),
            ("POST", "/press_many", self.press_many),
            ("GET", "/answers/{query}", self.answer),
            ("POST", "/inline", self.inline),
            ("GET", "/inline/{query}", self.inline_answer),
            ("GET", "/file/{file_id}", self.file),
        ]
        return [Route("/api" + path, endpoint, methods=[method]) for method, path, endpoint in table]

    async def list_people(self, request: Request) -> Response:
        """List everybody."""
        return JSONResponse([_person(p) for p in self.telegram.people.values()])

    async def add_person(self, request: Request) -> Response:
        """Open an account."""
        given = await given_in(request)
        names = ("last_name", "username", "language_code", "label", "id")
        if not given.get("first_name"):
            raise Impossible("a person needs a first name")
        person = self.telegram.add_person(
            str(given["first_name"]), **{n: given[n] for n in names if n in given}
        )
        return JSONResponse(_person(person))

    async def list_chats(self, request: Request) -> Response:
        """List the chats a person is in, their private one first."""
        person = people.somebody(self.telegram, request.query_params.get("person"))
        found = [c for c in self.telegram.chats.values() if person.id in c.members and c.moved_to is None]
        found.sort(key=lambda c: not c.private)
        return JSONResponse([self._chat(c) for c in found])

    def _chat(self, chat: Chat) -> Json:
        title = self.telegram.me["first_name"] if chat.private else chat.face["title"]
        return {"id": chat.id, "type": chat.face["type"], "title": title}

    async def add_group(self, request: Request) -> Response:
        """Open a group with the bot in it."""
        given = await given_in(request)
        members = [people.somebody(self.telegram, m).id for m in given.get("members", [])]
        chat = self.telegram.add_group(
            str(given.get("title", "Group")),
            members,
            id=given.get("id"),
            bot_is_admin=bool(given.get("bot_is_admin")),
            forum=bool(given.get("forum")),
        )
        return JSONResponse(self._chat(chat))

    async def messages(self, request: Request) -> Response:
        """Give a chat's state, or what changed after `after`, waiting up to `wait` seconds for it."""
        chat = self.telegram.chats.get(int(request.path_params["chat"]))
        if chat is None:
            raise Impossible(f"there is no chat {request.path_params['chat']}")
        after = int(request.query_params.get("after", 0))
        deadline = time.monotonic() + min(float(request.query_params.get("wait", 0)), LONGEST_WAIT)
        while True:
            changed = []
            for entry in reversed(chat.entries.values()):
                if entry.seq <= after:
                    break
                changed.append(entry)
            deleted = [number for seq, number in chat.deleted if seq > after] if after else []
            left = deadline - time.monotonic()
            if changed or deleted or left <= 0 or self.telegram.closing.is_set():
                break
            await chat.changed.heard(left)
        changed.sort(key=lambda e: int(e.message["message_id"]))
        owner = self.telegram.people.get(chat.id)
        language = str(owner.face.get("language_code", "")) if owner else ""
        return JSONResponse(
            {
                "seq": self.telegram.seq,
                "messages": [shown(e) for e in changed],
                "deleted": deleted,
                "commands": commands_for(self.telegram, chat, language),
                "menu": chat.menu or self.telegram.menu,
                "keyboard": chat.keyboard,
                "pinned": chat.pinned,
                "topics": [
                    {"id": number, "name": topic.name, "closed": topic.closed}
                    for number, topic in chat.topics.items()
                ],
                "typing": chat.typing_until > self.telegram.clock.now().timestamp(),
            }
        )

    async def events(self, request: Request) -> Response:
        """Stream what happens in a person's chats as server-sent events."""
        person = people.somebody(self.telegram, request.query_params.get("person"))
        queue = self.telegram.listen(person.id)

        async def stream() -> AsyncIterator[str]:
            yield ": welcome\n\n"
            try:
                while not self.telegram.closing.is_set():
                    try:
                        event = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
                    except TimeoutError:
                        yield ": still here\n\n"
                        continue
                    if event["type"] == "end":
                        return
                    yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
            finally:
                self.telegram.leave(queue)

        return StreamingResponse(
            stream(), media_type="text/event-stream", headers={"cache-control": "no-store"}
        )

    def _who_where(self, given: Json) -> tuple[Person, Chat]:
        person = people.somebody(self.telegram, given.get("person"))
        return person, people.their_chat(self.telegram, person, given.get("chat"))

    async def send(self, request: Request) -> Response:
        """Write a message as a person."""
        given = await given_in(request)
        person, chat = self._who_where(given)
        sent = people.write(
            self.telegram,
            person,
            chat,
            str(given.get("text", "")),
            entities=given.get("entities"),
            **_beside(given),
        )
        return _sent(sent)

    async def send_file(self, request: Request) -> Response:
        """Send a file as a person."""
        fields, files = read_multipart(request.headers.get("content-type", ""), await request.body())
        person, chat = self._who_where(fields)
        kind = fields.get("kind", "document")
        if kind not in FILE_KINDS or "file" not in files:
            raise Impossible("a kind and a file are wanted")
        sent = people.send_file(
            self.telegram,
            person,
            chat,
            kind,
            files["file"],
            caption=fields.get("caption", ""),
            album=fields.get("album", ""),
            reply_to=fields.get("reply_to"),
            topic=fields.get("topic"),
        )
        return _sent(sent)

    async def send_location(self, request: Request) -> Response:
        """Send a location as a person."""
        given = await given_in(request)
        person, chat = self._who_where(given)
        point = {"latitude": float(given["latitude"]), "longitude": float(given["longitude"])}
        return _sent(people.send(self.telegram, person, chat, {"location": point}, **_beside(given)))

    async def send_contact(self, request: Request) -> Response:
        """Send a contact as a person, their own unless another is given."""
        given = await given_in(request)
        person, chat = self._who_where(given)
        contact: Json = {
            "phone_number": str(given.get("phone_number", "+85200000000")),
            "first_name": str(given.get("first_name", person.face["first_name"])),
        }
        if "first_name" not in given:
            contact["user_id"] = person.id
        return _sent(people.send(self.telegram, person, chat, {"contact": contact}, **_beside(given)))

    async def send_poll(self, request: Request) -> Response:
        """Send a poll as a person."""
        given = await given_in(request)
        person, chat = self._who_where(given)
        options = [str(option) for option in given.get("options", [])]
        several = bool(given.get("several"))
        question = str(given.get("question", ""))
        return _sent(people.send_poll(self.telegram, person, chat, question, options, several=several))

    async def edit(self, request: Request) -> Response:
        """Change a person's own message."""
        given = await given_in(request)
        person, chat = self._who_where(given)
        update = people.edit(self.telegram, person, chat, int(given["message_id"]), str(given["text"]))
        return JSONResponse({"update_id": update})

    def _press(self, given: Json) -> Json:
        person, chat = self._who_where(given)
        query = people.press(
            self.telegram,
            person,
            chat,
            int(given["message_id"]),
            str(given["data"]),
            forged=bool(given.get("forged")),
        )
        return {"callback_query_id": query}

    async def press(self, request: Request) -> Response:
        """Press a button as a person."""
        return JSONResponse(self._press(await given_in(request)))

    async def press_many(self, request: Request) -> Response:
        """Press many buttons at once, in the order given."""
        return JSONResponse([self._press(one) for one in await request.json()])

    async def answer(self, request: Request) -> Response:
        """Give the bot's answer to a press, waiting for it; 404 while there is none."""
        query = self.telegram.queries.get(request.path_params["query"])
        if query is None:
            return JSONResponse({"error": "no such press"}, 404)
        await self._until(lambda: query.answer is not None, request)
        return JSONResponse(query.answer, 200 if query.answer is not None else 404)

    async def inline(self, request: Request) -> Response:
        """Type an inline query as a person."""
        given = await given_in(request)
        person = people.somebody(self.telegram, given.get("person"))
        number = self.telegram.ask(person.id)
        body = {"id": number, "from": person.face, "query": str(given.get("query", "")), "offset": ""}
        self.telegram.updates.put("inline_query", body)
        return JSONResponse({"inline_query_id": number})

    async def inline_answer(self, request: Request) -> Response:
        """Give the bot's answer to an inline query, waiting for it; 404 while there is none."""
        number = request.path_params["query"]
        await self._until(lambda: number in self.telegram.inline_answers, request)
        found = self.telegram.inline_answers.get(number)
        return JSONResponse(found, 200 if found is not None else 404)

    async def _until(self, done: Callable[[], bool], request: Request) -> None:
        deadline = time.monotonic() + min(float(request.query_params.get("wait", 0)), LONGEST_WAIT)
        while not done() and not self.telegram.closing.is_set():
            left = deadline - time.monotonic()
            if left <= 0:
                return
            await self.telegram.answered.heard(left)

    async def file(self, request: Request) -> Response:
        """Give a file's bytes."""
        file = self.telegram.files.by_id.get(request.path_params["file_id"])
        if file is None:
            return JSONResponse({"error": "no such file"}, 404)
        inline = file.mime.startswith("image/") and file.mime != "image/svg+xml"
        disposition = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(file.name)}"
        return Response(
            file.data,
            media_type=file.mime,
            headers={"content-disposition": disposition, "x-content-type-options": "nosniff"},
        )


def _person(person: Person) -> Json:
    names = ("id", "first_name", "last_name", "username", "language_code", "is_bot")
    return {**{name: person.face.get(name) for name in names}, "label": person.label}


def _beside(given: Json) -> Json:
    """What a message answers, and in which topic it stands."""
    return {"reply_to": given.get("reply_to"), "topic": given.get("topic")}


def _sent(sent: tuple[int, int | None]) -> Response:
    return JSONResponse({"message_id": sent[0], "update_id": sent[1]})


async def given_in(request: Request) -> Json:
    """Read the JSON object that a request carries."""
    given = await request.json()
    if not isinstance(given, dict):
        raise Impossible("a JSON object is wanted")
    return given


def exception_handlers() -> dict[Any, ExceptionHandler]:
    """Word what can't be done, and what was asked for in a way that can't be read."""

    async def impossible(request: Request, problem: Exception) -> Response:
        return JSONResponse({"error": str(problem)}, 400)

    async def unreadable(request: Request, problem: Exception) -> Response:
        return JSONResponse({"error": f"can't be read: {type(problem).__name__}: {problem}"}, 400)

    return cast(
        "dict[Any, ExceptionHandler]",
        {
            Impossible: impossible,
            Refused: impossible,
            KeyError: unreadable,
            TypeError: unreadable,
            ValueError: unreadable,
        },
    )

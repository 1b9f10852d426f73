"""Answers in kind to what asks nothing: thanks, greetings, goodbyes, abuse, laughs, bare signs."""

from markupsafe import Markup

from bot.language import isolate
from bot.questions import small_talk
from handlers import menu
from handlers.menu import home_button
from handlers.replies import Reply, Say
from handlers.screens import ways_on
from handlers.turns import Writing


def answer(writing: Writing) -> Reply | None:
    """A short word that fits; None where something is asked."""
    language = writing.language
    home = [[home_button(language)]]
    match small_talk(writing.text):
        case "thanks":
            return Reply((Say(language.html("You are welcome!"), home),))
        case "greeting":
            hello = language.html("Hello, {name}!", name=isolate(writing.person.name))
            return menu.main(writing, before=hello)
        case "bye":
            text = language.html("Goodbye! Write any time you want to know something.")
            return Reply((Say(text, home),))
        case "abuse":
            text = language.html("I am sorry that I was no help. A person from our team can answer you.")
            return Reply((Say(text, ways_on(language, "")),))
        case "smile":
            return Reply((Say(Markup("😊"), home),))
        case None:
            pass
    if not any(character.isalnum() for character in writing.text):
        return menu.main(writing, before=language.html("I understand words best."))
    return None

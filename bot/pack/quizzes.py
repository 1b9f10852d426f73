"""The quizzes of a content pack."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.pack.parts import Based, Identified, LocaleCode, Part, Summary, up_to

QuizTitle = Annotated[dict[LocaleCode, Annotated[str, up_to(80)]], Based]
Choices = Annotated[
    dict[LocaleCode, Annotated[tuple[Annotated[str, up_to(80)], ...], Field(min_length=2, max_length=6)]],
    Based,
]


class QuizQuestion(Part):
    """What a quiz asks: choices in their order, in each language as many, and the number of the right one."""

    question: Summary
    choices: Choices
    right: Annotated[int, Field(ge=1, le=6)]
    explanation: Summary | None = None

    @model_validator(mode="after")
    def _choices_agree(self) -> Self:
        counts = {len(choices) for choices in self.choices.values()}
        if len(counts) != 1:
            raise ValueError("Write as many choices in every language, in the same order.")
        if self.right > counts.pop():
            raise ValueError("“right:” is the number of the right choice, counted from 1.")
        if any(len(set(choices)) != len(choices) for choices in self.choices.values()):
            raise ValueError("Two choices of one question are the same.")
        return self


class PackQuiz(Identified):
    """A quiz that a pack brings along; it is open from the start, until an organiser closes it.

    Without seconds there is no time limit; `certificate` is of how many right answers in a hundred.
    """

    sample: bool = False
    title: QuizTitle
    intro: Summary | None = None
    seconds_each: Annotated[int, Field(ge=5, le=600)] | None = None
    seconds_whole: Annotated[int, Field(ge=30, le=86_400)] | None = None
    attempts: Annotated[int, Field(ge=1, le=20)] = 1
    shuffle: bool = False
    certificate: Annotated[int, Field(ge=0, le=100)] | None = None
    questions: tuple[QuizQuestion, ...]

    @model_validator(mode="after")
    def _can_be_taken(self) -> Self:
        if not 1 <= len(self.questions) <= 100:
            raise ValueError("A quiz asks 1 to 100 questions, under “questions:”.")
        if self.seconds_each is not None and self.seconds_whole is not None:
            raise ValueError("Write either “seconds_each:” or “seconds_whole:”, one of the two.")
        return self

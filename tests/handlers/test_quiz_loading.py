"""What is wrong with a file of questions, in words."""

from bot.language import language
from bot.quiz_files import Fault, Faults
from handlers.organise.quiz_loading import tell_faults


def test_a_fault_is_named_by_its_line_unless_it_is_the_whole_files() -> None:
    told = tell_faults(Faults((Fault(1, "kind"), Fault(3, "twice", "en"))), language("en")).striptags()
    assert "Line 1" not in told
    assert "• the file's name" in told
    assert "Line 3: “en”" in told

"""What the reports of video meetings are refused for, each with the sentence that people read."""

from collections.abc import Sequence

from catalog.errors import RuleBroken

SHOWN = 5


class ReportRefused(RuleBroken):
    """A file that is refused whole. `problems` are lines for a list, the first few and how many more there are."""

    def __init__(self, sentence: str, problems: Sequence[str] = ()) -> None:
        self.problems = list(problems[:SHOWN])
        if len(problems) > SHOWN:
            self.problems.append(f"and {len(problems) - SHOWN} more")
        super().__init__(sentence)


class NoVideoMeeting(RuleBroken):
    sentence = "This is work of people's own, so there was no video meeting and no report of one."


class NotSettled(RuleBroken):
    def __init__(self, open_questions: int) -> None:
        what = "1 question is" if open_questions == 1 else f"{open_questions} questions are"
        super().__init__(f"{what} still open. Nothing was saved.")


class SavedAlready(RuleBroken):
    sentence = (
        "This report was saved already, so nothing changed. Correct single marks on the attendance sheet."
    )


class OtherReport(RuleBroken):
    sentence = "This page was older than the report it shows. Nothing was saved. Check it and save again."

"""Refusals. Each is named for the rule it keeps, and its text is the sentence the user reads."""


class RuleBroken(Exception):
    """A request the domain refuses. `str(error)` is shown to the person as it stands."""

    sentence = "That cannot be done."

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)


class ReasonNeeded(RuleBroken):
    sentence = "Write down why; the reason is kept with the change."


class DataRefused(Exception):
    """An input file that is refused whole. `problems` holds one line per problem, naming its place."""

    def __init__(self, source: str, problems: list[str]) -> None:
        self.source = source
        self.problems = problems
        super().__init__(f"{source}: {len(problems)} problem(s), nothing was loaded.\n" + "\n".join(problems))

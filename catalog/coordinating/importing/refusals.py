from collections.abc import Collection

from catalog.errors import RuleBroken


class ChangedMeanwhile(RuleBroken):
    """`lines` are the rows that would come out otherwise than the page said."""

    def __init__(self, lines: Collection[int] = ()) -> None:
        self.lines = frozenset(lines)
        what = "1 row comes" if len(self.lines) == 1 else f"{len(self.lines)} rows come"
        which = f" {what} out otherwise now and is marked below." if self.lines else ""
        which = which.replace("rows come out otherwise now and is", "rows come out otherwise now and are")
        super().__init__(f"Something changed since this page was opened, so nothing was saved.{which}")


class NotSettled(RuleBroken):
    def __init__(self, count: int) -> None:
        rows = "1 row" if count == 1 else f"{count} rows"
        super().__init__(f"Say of {rows} first who is meant, or leave them out. Nothing was saved.")


class NothingToSave(RuleBroken):
    sentence = "No row of this table would change anything, so there is nothing to save."


class CannotBeUndone(RuleBroken):
    sentence = "Only hours that were brought in can be taken back as a whole."

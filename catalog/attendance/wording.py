"""How ways of taking attendance are said."""

from catalog.attendance.models import Method

METHODS = {
    Method.ROLL: "roll call",
    Method.CODE: "check-in code",
    Method.SPOKEN: "spoken code",
    Method.PRINTED: "printed code",
    Method.PAPER: "paper sheet",
    Method.VIDEO: "video meeting report",
}

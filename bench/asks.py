"""What is measured: for every row of the table the requests to the catalog and to its floor."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from bench import sample
from bench.build import SPREAD, Built

COURSES = 20
HTMX = {"HX-Request": "true"}
FORM = "application/x-www-form-urlencoded"
FILTERED = "/?" + urlencode({"kind": "in_service", "area": "TF", "county": "01101"})
WORDS = "/?" + urlencode({"q": sample.COMMON_WORD})
FEW = "/?" + urlencode({"q": "part 7"})
FAR = "/?page=3"


@dataclass(frozen=True)
class Ask:
    """One request."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None

    @property
    def method(self) -> str:
        return "GET" if self.form is None else "POST"

    @property
    def body(self) -> str:
        return urlencode(self.form or {})

    def raw(self) -> bytes:
        headers = {"Host": "127.0.0.1", **self.headers}
        if self.form is not None:
            headers |= {"Content-Type": FORM, "Content-Length": str(len(self.body))}
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode()


Asks = Callable[[int], list[Ask]]
"""So many requests to be sent in turn; where each may be sent only once, never the same ones again."""


@dataclass(frozen=True)
class Row:
    name: str
    title: str
    aim: float
    """The least share of the floor's requests per second."""
    statements: int
    """The most SQL statements."""
    floor: Asks
    page: Asks
    probes: tuple[Ask, ...] = ()
    """Other states of the same page, for which the SQL statements are counted as well."""
    writes: bool = False

    @property
    def status(self) -> int:
        return 303 if self.writes else 200


def rows(app: Flask, built: Built) -> list[Row]:
    index, catalog = always(Ask("/")), always(Ask("/"))
    some_courses = [Ask(f"/courses/{3 + number % max(built.courses - 2, 1)}") for number in range(COURSES)]
    hot, spread = _hot_pairs(built), _spread_pairs(built)
    signed = _signer(app)
    return [
        Row("catalog", "Catalog page", 0.6, 5, index, catalog, (Ask(FEW), Ask(FAR))),
        Row("filtered", "Catalog fragment, three filters", 0.6, 5, index, always(Ask(FILTERED, HTMX))),
        Row(
            "words",
            "Catalog fragment, a common word",
            0.5,
            5,
            index,
            always(Ask(WORDS, HTMX)),
            (Ask(FEW, HTMX),),
        ),
        Row(
            *(
                "course",
                f"Course page, {COURSES} courses in turn",
                0.5,
                6,
                lambda _: some_courses,
                lambda _: some_courses,
            ),
            (Ask("/courses/1"), Ask("/courses/2")),
        ),
        Row("hot", "Enrollment, one session", 0.6, 8, _posts(hot, _bare), _posts(hot, signed), writes=True),
        Row(
            "spread",
            f"Enrollment, {SPREAD} sessions",
            0.6,
            8,
            _posts(spread, _bare),
            _posts(spread, signed),
            writes=True,
        ),
    ]


def always(ask: Ask) -> Asks:
    return lambda _: [ask]


Pair = tuple[int, int]
"""A person and an offering that have nothing to do with each other yet."""


def _hot_pairs(built: Built) -> Iterator[Pair]:
    return ((person, built.hot) for person in range(1, built.pairs + 1))


def _spread_pairs(built: Built) -> Iterator[Pair]:
    """The next person on the next offering, as many as there are seats."""
    return ((person, built.spread[person % len(built.spread)]) for person in range(1, built.pairs + 1))


def _posts(pairs: Iterator[Pair], ask: Callable[[int, int], Ask]) -> Asks:
    return lambda many: [ask(person, offering) for person, offering in islice(pairs, many)]


def _bare(person: int, offering: int) -> Ask:
    return Ask(f"/offerings/{offering}/enrollments", form={"person_id": str(person)})


def _signer(app: Flask) -> Callable[[int, int], Ask]:
    """Requests as a browser sends them: a sign-in of one's own, and a form token that fits the session's cookie."""
    with app.test_request_context():
        token = generate_csrf()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = serializer.dumps(dict(session))
    name = app.config["SESSION_COOKIE_NAME"]

    def signed(person: int, offering: int) -> Ask:
        cookies = f"{name}={cookie}; sign_in={sample.token(person)}"
        return Ask(f"/offerings/{offering}/enrollments", {"Cookie": cookies}, {"csrf_token": token})

    return signed

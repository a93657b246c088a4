"""The paper: one tagged page that says every fact, and whose QR code leads to the page that says the same."""

import html
import io
import re
import time

import pikepdf
import pytest
import typst
from flask import Flask
from flask.testing import FlaskClient

from catalog import paper
from catalog.certificates import drawing
from catalog.certificates.lines import lines
from catalog.certificates.models import Certificate
from catalog.certificates.services.pages import TEMPLATE
from catalog.courses.models import Format
from tests import factories as make
from tests.attendance.sheets import inside
from tests.certificates.papers import closed, issued, written
from tests.certificates.reading import plain, qr, tags, texts

pytestmark = pytest.mark.usefixtures("_rows")

TOPICS = tuple(f"{code}.topic{number}" for code in ("TF", "REF", "DSS") for number in range(14))


def content_of(app: Flask, *certificates: Certificate) -> bytes:
    return paper.pdf(TEMPLATE, drawing.data(list(certificates), app.config["CATALOG"]))


@pytest.fixture
def certificate(app: Flask) -> Certificate:
    with inside(app):
        course = make.course(
            "Watching together: a calm & kind look",
            topics=("TF.attachment", "REF.self_awareness"),
            provider="Sample provider",
            ce_credits="3 NASW hours",
            ce_provider_number="886-1",
        )
        return issued(closed("Ángela Ñandú Sample", of=course, format=Format.HYBRID))


def test_it_is_one_tagged_page_in_english(app: Flask, certificate: Certificate) -> None:
    content = content_of(app, certificate)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
        assert bool(pdf.Root["/MarkInfo"]["/Marked"]) is True
        assert str(pdf.Root["/Lang"]) == "en"
        assert bool(pdf.Root["/ViewerPreferences"]["/DisplayDocTitle"]) is True
        about = pdf.open_metadata()
        assert about["pdfuaid:part"] == "1"
        assert "Ángela Ñandú Sample" in about["dc:title"]


def test_headings_tables_the_link_and_the_picture_are_tagged(app: Flask, certificate: Certificate) -> None:
    found = tags(content_of(app, certificate))
    assert (found["/H1"], found["/H2"], found["/Table"], found["/TH"]) == (1, 4, 4, 4)
    assert (found["/Figure"], found["/Link"]) == (1, 1)


def test_the_picture_says_in_words_what_it_opens(app: Flask, certificate: Certificate) -> None:
    with pikepdf.open(io.BytesIO(content_of(app, certificate))) as pdf:
        alts = [
            str(one["/Alt"]) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one
        ]
    assert any(f"/c/{certificate.number}" in alt for alt in alts)


def test_the_paper_says_every_fact(app: Flask, certificate: Certificate) -> None:
    (text,) = texts(content_of(app, certificate))
    for line in lines(certificate, app.config["CATALOG"].site_url):
        assert plain(line.label) in text
        for word in plain(line.text).split():
            assert word in text, line


def test_the_qr_code_leads_to_the_page_that_says_the_same(
    app: Flask, client: FlaskClient, certificate: Certificate
) -> None:
    content = content_of(app, certificate)
    (url,) = qr(content)
    site_url = app.config["CATALOG"].site_url
    assert url.startswith(site_url)
    page = client.get(url.removeprefix(site_url)).text
    (text,) = texts(content)
    shown = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
    assert [(html.unescape(label), html.unescape(said)) for label, said in shown] == [
        tuple(line) for line in lines(certificate, site_url)
    ]
    assert all(word in text for _, said in shown for word in plain(html.unescape(said)).split())


def test_the_same_facts_give_the_same_bytes_at_any_time(app: Flask, certificate: Certificate) -> None:
    content = content_of(app, certificate)
    # What sets the page reads the machine's own clock, which no test can move, and counts seconds.
    time.sleep(1.1)
    assert content_of(app, certificate) == content


def test_much_still_fits_one_page(app: Flask) -> None:
    with inside(app):
        course = make.course(
            "A long title that goes on and on, " * 8, topics=TOPICS, provider="A provider " * 12
        )
        certificate = issued(closed("Maximiliana " * 9, of=course))
    content = content_of(app, certificate)
    (text,) = texts(content)
    assert all(f"Topic {code}" in text for code in TOPICS)
    assert len(qr(content)) == 1


@pytest.mark.parametrize(
    "typed", ['#panic("x")', '#read("/etc/passwd")', "<script>", "=1+1", "*b* _i_ $x$", "\\ @a"]
)
def test_what_was_typed_is_never_markup(app: Flask, typed: str) -> None:
    with inside(app):
        certificate = written(make.person(), make.offering(), course=typed, person=typed)
    (text,) = texts(content_of(app, certificate))
    assert text.count(typed) >= 2


@pytest.mark.parametrize("name", ["Ñuño Łódź", "Nguyễn Thị Hằng", "Ωμέγα", "Привет", "محمد علي", "שלום"])
def test_names_in_many_letters_are_drawn(app: Flask, name: str) -> None:
    with inside(app):
        certificate = written(make.person(), make.offering(), person=name)
    (text,) = texts(content_of(app, certificate))
    assert "shown as boxes" not in text
    assert all(
        letter in text for letter in name.split(maxsplit=1)[0] if letter.isascii() or letter in "ñÑŁźễịằ"
    )


def test_letters_that_no_font_has_are_boxes_and_the_page_says_so(app: Flask) -> None:
    with inside(app):
        certificate = written(make.person(), make.offering(), person="\U000f0000 Sample")
    (text,) = texts(content_of(app, certificate))
    assert f"{paper.BOX} Sample" in text
    assert "shown as boxes" in text


def test_a_template_that_is_wrong_is_an_error_and_not_a_page(app: Flask) -> None:
    with pytest.raises(typst.TypstError):
        paper.pdf(TEMPLATE, {"title": "x"})


def test_many_in_one_file_have_a_page_and_a_bookmark_each(app: Flask) -> None:
    with inside(app):
        offering = make.offering()
        some = [written(make.person(f"Person{n} Sample"), offering, person=f"Person{n}") for n in range(5)]
    content = content_of(app, *some)
    assert ["Person3" in text for text in texts(content)] == [False, False, False, True, False]
    assert [qr(content, page)[0][-14:] for page in range(5)] == [one.number for one in some]
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == [f"Person{n}" for n in range(5)]

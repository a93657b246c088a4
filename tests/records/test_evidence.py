"""Files that are handed in: believed by their content, and without what a picture tells of the person."""

import io

import pytest
from PIL import Image

from catalog.records import evidence
from catalog.records.evidence import cleaned
from catalog.records.refusals import FileRefused
from tests.records import papers


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_pdf_is_kept_as_it_is() -> None:
    assert cleaned("Diploma.PDF", papers.PDF) == ("Diploma.pdf", "application/pdf", papers.PDF)


@pytest.mark.parametrize("content", [papers.jpeg(), papers.png(), papers.jpeg(turned=True), papers.heic()])
def test_a_picture_says_nothing_but_what_one_sees(content: bytes) -> None:
    kept = cleaned("a.jpg", content).content
    assert b"taken at home" in content
    assert not [word for word in (b"taken at home", b"Sample", b"Exif", b"GPS") if word in kept]
    assert not picture(kept).getexif()
    assert set(picture(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_heic_picture_is_kept_as_a_jpeg_without_its_place() -> None:
    sent = papers.heic()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)[4] == (86.0, 18.0, 0.0)
    kept = cleaned("IMG_0001.HEIC", sent)
    assert (kept.file_name, kept.media_type) == ("IMG_0001.jpg", "image/jpeg")
    shown = picture(kept.content)
    assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (40, 20), {})
    red, green, _ = shown.getpixel((5, 5))  # type: ignore[misc]
    assert (red > 200, green < 60) == (True, True)


def test_a_heic_picture_with_too_many_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_PIXELS", 39 * 20)
    with pytest.raises(FileRefused, match="too many pixels"):
        cleaned("a.heic", papers.heic())


@pytest.mark.parametrize("cut", [40, 200, -20])
def test_a_heic_picture_that_is_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(FileRefused, match="cannot be read"):
        cleaned("a.heic", papers.heic()[:cut])


def test_a_picture_that_was_taken_upright_stays_upright() -> None:
    assert picture(cleaned("a.jpg", papers.jpeg((40, 20), turned=True)).content).size == (20, 40)


@pytest.mark.parametrize(
    ("make", "mode"),
    [(papers.jpeg, "L"), (papers.jpeg, "CMYK"), (papers.png, "RGBA"), (papers.png, "P"), (papers.png, "1")],
)
def test_pictures_of_every_mode_are_taken(make: object, mode: str) -> None:
    assert picture(cleaned("a", make(mode=mode)).content).mode == "RGB"  # type: ignore[operator]


def test_what_is_clear_becomes_paper() -> None:
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    out = io.BytesIO()
    clear.save(out, "PNG")
    assert picture(cleaned("a.png", out.getvalue()).content).getpixel((1, 1)) == (255, 255, 255)


def test_a_large_picture_is_made_no_larger_than_one_can_read() -> None:
    assert picture(cleaned("a.jpg", papers.jpeg((5200, 1000))).content).size == (2600, 500)


@pytest.mark.parametrize("size", [(7000, 7000), (30_000, 30_000)])
def test_a_small_file_that_claims_to_be_huge_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(FileRefused):
        cleaned("a.png", papers.claiming(*size))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ an installer",
        b"<html><script>alert(1)</script>",
        b"GIF89a",
        b"PK\x03\x04 a document",
        b"\0\0\0\x18ftypheic\0\0\0\0",
        b"\xff\xd8\xff cut off",
        papers.png()[:60],
        b"%PDF-" + b"x" * evidence.MOST_BYTES,
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(FileRefused, match="hoose"):
        cleaned("diploma.pdf", content)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Ana\\My diploma.pdf", "My diploma.pdf"),
        ('a";x=\r\nb.pdf', "a_x_ b.pdf"),
        ("", "evidence.pdf"),
        (".pdf", "evidence.pdf"),
        ("Zeugnis – Größe.pdf.exe", "Zeugnis _ Größe.pdf.pdf"),
        ("x" * 300, "x" * 80 + ".pdf"),
        ("fdp\u202eexe.pdf", "fdpexe.pdf"),
    ],
)
def test_the_name_means_nothing_to_a_system(name: str, kept: str) -> None:
    assert cleaned(name, papers.PDF).file_name == kept


@pytest.mark.parametrize("at", [8, 12])
def test_a_heic_picture_that_claims_to_be_huge_is_refused(at: int) -> None:
    """Its width and its height stand behind the name of their box."""
    content = bytearray(papers.heic())
    place = content.index(b"ispe") + at
    content[place] = 0x7F
    with pytest.raises(FileRefused):
        cleaned("a.heic", bytes(content))

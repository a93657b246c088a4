"""What a file that was handed in is called here."""

from catalog.records.evidence import ENDINGS, PDF, named


def plain_name(sent: str | None) -> str:
    """The name without what means something to a system; its ending tells two saved in two ways apart."""
    ending = next(
        (one for one in (".xlsx", ".csv", ".tsv", ".txt") if (sent or "").lower().endswith(one)), ""
    )
    return named(sent or "Table", PDF).removesuffix(ENDINGS[PDF]) + ending

"""How the two ledgers are called, everywhere the same."""

from catalog.competencies.models import Ledger

LEDGERS = {
    Ledger.TRAINING: "Training hours",
    Ledger.RSC: "Reflective supervision/consultation (RSC) hours",
}
SHORT = {Ledger.TRAINING: "training", Ledger.RSC: "RSC"}
"""Beside a figure: "3 h training"."""


def ledger_name(ledger: str) -> str:
    return LEDGERS[Ledger(ledger)]


def ledger_word(ledger: str) -> str:
    return SHORT[Ledger(ledger)]

"""Writes of people and sign-ins, split by what they change."""

from catalog.accounts.services.people import (
    ClaimedAlready,
    EmailTaken,
    add_person,
    add_unclaimed,
    change_account,
    claim,
    set_licence,
)
from catalog.accounts.services.roles import LastAdministrator, set_roles
from catalog.accounts.services.sign_ins import (
    STAY_SIGNED_IN,
    TIME_FOR_THE_STEP,
    begin_sign_in,
    end_sign_in,
    end_sign_ins,
    prove_again,
)
from catalog.accounts.services.telling import Listener, on_change

__all__ = [
    "STAY_SIGNED_IN",
    "TIME_FOR_THE_STEP",
    "ClaimedAlready",
    "EmailTaken",
    "LastAdministrator",
    "Listener",
    "add_person",
    "add_unclaimed",
    "begin_sign_in",
    "change_account",
    "claim",
    "end_sign_in",
    "end_sign_ins",
    "on_change",
    "prove_again",
    "set_licence",
    "set_roles",
]

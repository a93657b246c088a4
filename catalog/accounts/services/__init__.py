"""Writes of people and sign-ins, split by what they change."""

from catalog.accounts.services.addresses import (
    NotVerified,
    SameAddress,
    UsedAlready,
    ask_for_address,
    ask_to_verify,
    confirm_address,
    refuse_unverified,
    revoke_address,
    verify,
)
from catalog.accounts.services.choosing import (
    Overtaken,
    ask_to_reset,
    change_password,
    reset_password,
    way_in,
)
from catalog.accounts.services.joined import (
    AccountDeleted,
    AccountJoined,
    joined_among,
    refuse_closed,
    refuse_joined,
)
from catalog.accounts.services.keys import follow as follow_keys
from catalog.accounts.services.keys import look_again as look_for_alike
from catalog.accounts.services.people import (
    ClaimedAlready,
    EmailTaken,
    add_person,
    add_unclaimed,
    ask_to_sign_up,
    change_account,
    claim,
    set_licence,
)
from catalog.accounts.services.recovering import on_recovery, recover
from catalog.accounts.services.roles import LastAdministrator, set_roles
from catalog.accounts.services.sign_ins import (
    TIME_FOR_THE_STEP,
    begin_sign_in,
    end_all,
    end_one,
    end_others,
    end_sign_in,
    lasts,
    note_use,
    prove_again,
)
from catalog.accounts.services.telling import Listener, on_change

__all__ = [
    "TIME_FOR_THE_STEP",
    "AccountDeleted",
    "AccountJoined",
    "ClaimedAlready",
    "EmailTaken",
    "LastAdministrator",
    "Listener",
    "NotVerified",
    "Overtaken",
    "SameAddress",
    "UsedAlready",
    "add_person",
    "add_unclaimed",
    "ask_for_address",
    "ask_to_reset",
    "ask_to_sign_up",
    "ask_to_verify",
    "begin_sign_in",
    "change_account",
    "change_password",
    "claim",
    "confirm_address",
    "end_all",
    "end_one",
    "end_others",
    "end_sign_in",
    "follow_keys",
    "joined_among",
    "lasts",
    "look_for_alike",
    "note_use",
    "on_change",
    "on_recovery",
    "prove_again",
    "recover",
    "refuse_closed",
    "refuse_joined",
    "refuse_unverified",
    "reset_password",
    "revoke_address",
    "set_licence",
    "set_roles",
    "verify",
    "way_in",
]

from catalog import errors
from catalog.errors import RuleBroken


class NotInForce(RuleBroken):
    sentence = "This certificate is no longer in force, so it cannot be revoked."


class ReasonNeeded(errors.ReasonNeeded):
    sentence = "Please say why. The reason is shown to whoever checks the certificate."


class NothingToShow(RuleBroken):
    sentence = "Nobody has a certificate of this session yet."


class NotAllMade(RuleBroken):
    sentence = "Not all pages are made yet. The page of the certificates shows how far they are."

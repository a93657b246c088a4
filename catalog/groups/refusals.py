from catalog.errors import RuleBroken


class NotAMember(RuleBroken):
    sentence = "Only members of this group can say that."


class HasBegun(RuleBroken):
    sentence = "This meeting has begun, so what was said about it stays as it is."

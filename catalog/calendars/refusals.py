from catalog.errors import RuleBroken


class TooManyFeeds(RuleBroken):
    sentence = "You have ten addresses already. Take one back that you do not use; then you can make another."

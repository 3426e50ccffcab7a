"""The database is away or too busy: what was asked may be asked again in a while."""


class TryLater(Exception):
    """The database did not answer in time, or too much is under way; nothing was acknowledged."""

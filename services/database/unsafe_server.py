"""What a start refuses to work over."""


class UnsafeServer(Exception):
    """An acknowledged command could be lost, a login sees too much, or the server does not let us work as we must.

    The text says why and what to do.
    """

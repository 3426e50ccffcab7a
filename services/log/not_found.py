"""What is not there, or not for whoever asks: both answer alike."""


class NotFound(Exception):
    """No such thing among the caller's estates; a foreign one answers alike."""

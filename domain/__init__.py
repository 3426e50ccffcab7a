"""What may happen in a property service station, and why. Standard library only: no clock, no ids, no IO."""

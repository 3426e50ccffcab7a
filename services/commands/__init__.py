"""The one way in for commands: ask, plan, append, answer."""

"""Public formats of transparency logs, and nothing of Jinlin: whoever verifies needs no other room."""

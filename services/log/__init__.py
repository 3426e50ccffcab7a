"""The event log and what lies beside it: vault, numbers, photos, snapshots."""

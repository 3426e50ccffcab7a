"""Reconciliation: statement files, their lines, and whose money each is."""

"""Signing in, the own account, and the administrator's pages."""

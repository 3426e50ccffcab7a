"""Billing: bill runs, single charges, and what days bring by themselves."""

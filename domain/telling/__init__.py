"""Telling people (通知): what is worth a word to whom, when it may be sent, and how often it is tried."""

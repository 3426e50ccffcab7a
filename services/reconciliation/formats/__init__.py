"""Statement files (对账单) of payment services and banks: read as they really are, matched with reasons."""

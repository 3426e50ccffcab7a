"""The station board and what stands around it."""

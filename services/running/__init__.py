"""The commands of ``jinlin`` and the application they start."""

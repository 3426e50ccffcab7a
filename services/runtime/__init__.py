"""Settings, log lines, figures for Prometheus, progress."""

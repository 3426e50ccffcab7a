"""The register: dwellings and owners."""

"""The fee desk: find a dwelling, see its account, take money."""

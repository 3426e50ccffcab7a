"""How fast the product is beside what the machine can do: ``make bench``. Never part of ``make test``."""

"""``python -m services.witness``: the witness without the product's own command."""

import sys

from services.witness.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

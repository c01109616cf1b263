"""A command that ends with the process that runs it: ``python -m kgpub.cli.apart PARENT build …``."""

import sys

from kgpub.cli import main
from kgpub.engine.confine import die_with_parent

if __name__ == "__main__":
    die_with_parent(int(sys.argv.pop(1)))
    main()

"""`python -m tantam`: what `./tantam` runs inside the virtual environment."""

import sys

from tantam.launch.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

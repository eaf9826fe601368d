"""`python -m demandsim`"""

from demandsim.cli.main import main

if __name__ == "__main__":
    main()

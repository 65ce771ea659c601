"""`python -m luoshi.cli` does what `luoshi` does."""

from luoshi.cli.app import main

raise SystemExit(main())

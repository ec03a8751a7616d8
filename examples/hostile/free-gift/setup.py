"""Anything that imports or runs this file leaves a trace."""

import pathlib

pathlib.Path("WAS-EXECUTED").touch()

"""auditor: which products run on whose model weights?"""

__version__ = "0.1.0"

"""How hypothesis is set up for all tests: no deadline (machines differ), and a modest number of examples."""

from hypothesis import settings

settings.register_profile("symflow", deadline=None, max_examples=50)
settings.load_profile("symflow")

"""How hypothesis is set up for all tests: no deadline (machines differ), and a modest number of examples.

``pytest --hypothesis-profile=thorough`` draws many more, where a test does not say how many.
"""

from hypothesis import settings

settings.register_profile("symflow", deadline=None, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile("symflow")

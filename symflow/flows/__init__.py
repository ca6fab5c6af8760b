"""Gradient flows w' in -∂R(w) of Clarke differentials, to any number of digits.

A solution is absolutely continuous with w'(t) in -∂R(w(t)) for almost every t. For piecewise smooth R the velocity is
then, for almost every t, minus the element of minimal norm of ∂R(w(t)), whatever the solution (the functions
R_c(w) - R_c'(w) of two pieces have derivative 0 almost everywhere where they vanish). Between two events the flow runs
inside one *mode*: an activation cell, or a wall of first-layer neurons along which it slides. There the field is
analytic, and its Taylor series is computed to the order the digits ask for, in fixed-point integers. At an event the
mode that follows is decided by the signs of velocities; where several modes can follow, the solution is not unique and
the branches are reported.

In the weights (``weight_flow.py``): ``calculus.py`` writes a net's pass down once, for tapes, balls and series;
``field.py`` is the tape of a mode and what is watched on it, ``taylor.py`` its series, ``march.py`` the steps,
``roots.py`` the first event, ``meeting.py`` what follows it, with ``neuron_meeting.py`` and ``corner.py`` for the first
layer and ``unit_meeting.py`` for those above; ``lorentz.py`` makes width cheap; ``enclosure.py`` proves a tube, with
``tube.py`` along a step and ``surroundings.py`` around a place. In the input (``input_flow.py``) the path is piecewise
linear and exact. ``monitors.py`` and ``invariants.py`` watch both, at the moments of ``moments.py``; ``soft_margin.py``
says where Theorem 5 applies.

mpmath enters the house here: times and states are mpmath's numbers for whoever reads them.
"""

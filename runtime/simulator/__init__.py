"""WeChat's side, played: what it pushes, what it accepts, and what a person sees on the phone and when.

Nothing here is shared with the channels, so that a test does not check our code with itself. Time is an
argument everywhere: with fast_loop a model that takes five minutes is over in milliseconds.
"""

"""Faults as people meet them, set up for real: does the check-up name each, and none where none is?"""

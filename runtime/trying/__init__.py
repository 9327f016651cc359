"""Trying an agent out where no surface is: in the playground, in a rehearsal, in a test."""

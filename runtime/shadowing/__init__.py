"""A version that answers real messages beside the one that people get, and whom nobody hears."""

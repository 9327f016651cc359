"""The operator's console: Streamlit at /insights. `mount.py` joins it to the program; a page is one file."""

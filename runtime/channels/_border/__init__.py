"""What comes from outside, held to a form: what an owner enters, and what a platform's call brings."""

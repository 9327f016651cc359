"""One page, one file: `page(studio)` draws it inside its route. What they share has a leading underscore."""

"""What a week brought, for an owner: asked, not answered, not liked, dear."""

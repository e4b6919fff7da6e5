"""What a plan lacks of its page: what is not drawn, what is not built, what is too long."""

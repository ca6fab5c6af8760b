"""symflow."""

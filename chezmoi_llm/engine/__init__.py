"""The embedded engine: what chezmoi makes of a source folder, without chezmoi."""

"""What chezmoi itself does with names, lines and config files, said as pure functions."""

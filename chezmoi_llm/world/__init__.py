"""The shell around the core: the only modules that touch files, processes, environment and terminal."""

"""One module for each command of ``chezmoi-llm``; ``cli`` imports a module when it is called."""

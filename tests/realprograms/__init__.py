"""Real programs, driven from tests: each module runs one of them and tells what it understood."""

"""Plans what ``init`` changes in a person's source folder: from what is there to a list of changes.

``plan`` adds what is missing, ``upgrade`` replaces what nobody edited, ``removal`` takes it away
again, ``paste`` says what belongs into a config template that is there already. All of them take
data and return data; ``chezmoi_llm.world.scaffolding`` reads the folder and makes the changes.
"""

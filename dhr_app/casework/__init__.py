"""The work: a file per noun, a function per thing a person does, each one transaction."""

"""Content owns the words: files -> parsed -> published -> catalogue.

People write Markdown and YAML files. `files` reads them, `parse` turns them into frozen shapes,
`lint` and `prove` say everything that is wrong with them, `publish` keeps immutable versions, and
`catalogue` is what students are served.
"""

"""What a command names, to checked documents and instances: reading, rules, configuration, building."""

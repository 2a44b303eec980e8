"""What people write: the classes of documents and rows, the types of single values, their JSON Schema."""

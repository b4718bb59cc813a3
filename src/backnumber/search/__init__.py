"""Full text: an index on this node's disk that follows the archive; PostgreSQL stays the truth."""
